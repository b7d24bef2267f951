"""Where the holes of a training window are."""


def place_holes(window, total, most, rng):
    """Disjoint (start, length) holes of `total` tokens in all, at most `most` of them.

    A quarter of the windows end with a hole: text that is continued has no suffix.
    """
    count = rng.randint(1, most)
    cuts = sorted(rng.sample(range(1, total), count - 1)) if count > 1 else []
    lengths = [b - a for a, b in zip([0] + cuts, cuts + [total])]
    free = window - total - (count - 1)
    gaps = sorted(rng.randint(0, free) for _ in range(count))
    if rng.random() < 0.25:
        gaps[-1] = free
    holes, used = [], 0
    for index, (gap, length) in enumerate(zip(gaps, lengths)):
        holes.append((gap + used + index, length))
        used += length
    return holes
