"""A peer that answers requests: a line of JSON in, a line of JSON out."""

import json
import sys


def serve(calls):
    """Calls the function that each request names (`call`) with the rest of it; an error becomes the answer."""
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = calls[request.pop("call")](**request)
        except Exception as error:  # the caller shows it
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
