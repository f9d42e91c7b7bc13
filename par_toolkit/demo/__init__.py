"""Hold the made-up inquiry that `par demo` shows."""
