"""Training: weights for the learned labeller, from corpora and releases.

In: corpora read by importers. Out: an ONNX network with its tokenizer and calibration. Called by `allegedly train`.
"""
