"""How schemathesis sends lines of JSON: a text as it is, anything else as one line."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(_, value):
    return (value if isinstance(value, str) else json.dumps(value)).encode(errors="replace")
