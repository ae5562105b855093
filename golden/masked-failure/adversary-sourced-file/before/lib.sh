cat x | grep -q y
