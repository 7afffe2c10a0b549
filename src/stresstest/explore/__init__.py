"""The page to explore: a book kept compiled, moved by drivers, severity and trades while somebody looks on.

The only importer of starlette and uvicorn, which the extra `explore` installs.
"""
