"""Training of the learned labeller: examples from imported corpora, the network, the run, export and calibration."""
