"""The commands of `par`, one module a topic; each is thin: it asks a room and prints the answer."""
