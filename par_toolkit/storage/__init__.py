"""What an inquiry keeps: one module for each thing kept, and one door to SQLite.

Every function takes the database first. Nothing here knows of the web or of texts' meaning.
"""
