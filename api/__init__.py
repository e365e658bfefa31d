"""The machine's door: `/api/v1/`, OpenAPI 3.1, problem+json, cursor pages, Idempotency-Key.

Turns a request into one operation or query and its answer into JSON. Never writes a row itself.
One module per resource in `v1/`; errors, authentication, pages, throttles and the schema are settled here once.
"""
