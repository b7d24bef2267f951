"""Training batches without end, cut from the token file at random places."""
import random

import numpy as np
import torch

from holes import place_holes
from noise import build
from packing import pack


class Windows(torch.utils.data.IterableDataset):
    """Batches of `batch` windows of `window` tokens with `hole` tokens in at most `holes` holes.

    Worker w draws from seed · 1000 + w, so a run is repeated by its seed and number of workers.
    """

    def __init__(self, tokens, noise, *, batch, window, hole, holes, active, seed):
        self.tokens, self.noise = tokens, noise
        self.batch, self.window, self.hole, self.holes = batch, window, hole, holes
        self.active, self.seed = active, seed

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        rng = random.Random(self.seed * 1000 + (worker.id if worker else 0))
        tokens = np.load(self.tokens, mmap_mode="r")
        while True:
            examples = []
            for _ in range(self.batch):
                start = rng.randrange(0, len(tokens) - self.window)
                holes = place_holes(self.window, self.hole, self.holes, rng)
                document = tokens[start:start + self.window]
                examples.append(build(document, holes, rng, self.noise))
            yield pack(examples, self.window - self.hole, self.active)
