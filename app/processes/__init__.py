"""Processes beside the server, which compile and measure, so that pictures never wait for it."""
