"""Runs the network whose file it is given: a JSON line [numbers, labels] in, one of outputs out."""

import json
import sys

import numpy as np
import onnxruntime

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
for line in sys.stdin:
    numbers, labels = json.loads(line)
    inputs = {
        "x_cont": np.array([numbers], dtype=np.float32),
        "x_cat": np.array([labels], dtype=np.int32),
    }
    (outputs,) = session.run(None, inputs)
    print(json.dumps([float(y) for y in outputs[0]]), flush=True)
