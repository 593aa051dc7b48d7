"""Firestore v1 over gRPC on one machine: persistent, isolated, and as strict about queries as the real one.

A request's way: rpc → handlers → query (compiled by filters, ordering and query_rules; index_rules when there is an
index file) → store.Snapshot, or → transactions → writes → store.commit → journal.

Unlike the real service: transactions are always optimistic; the past is kept for five minutes, not an hour, and not
over a restart. Not served, and refused as such: vector search, pipelines, the Write stream, and the BSON types of the
Enterprise edition.
"""
