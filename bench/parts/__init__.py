"""What the benchmarks share: the message, the sink, the senders."""
