"""Firestore v1 over gRPC on one machine: persistent, isolated, and as strict about queries as the real one."""
