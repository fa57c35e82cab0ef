"""The JSON form of Dowse, version 1: what is stored, sent and printed. pydantic lives here only."""
