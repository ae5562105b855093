"""What a step runs: its script, its commands, and what stands behind them."""
