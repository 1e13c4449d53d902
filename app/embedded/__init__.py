"""What a bare machine lacks, fetched and started unasked: PostGIS, the Python environment, the front end.

Only the standard library is used here, because `python3 -m app.embedded` runs before anything is installed.
"""
