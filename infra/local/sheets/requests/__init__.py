"""The kinds of request that spreadsheets.batchUpdate applies, one module a family."""
