"""Google Sheets v4 over REST: spreadsheets that live on this machine and answer the real client library."""
