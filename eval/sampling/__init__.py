"""Which units of a release are worth a person's time, and a draw of them whose probabilities are known."""
