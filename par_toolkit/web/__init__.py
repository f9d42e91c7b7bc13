"""The pages people meet: telling, my story, the desk, and the door for paired devices."""
