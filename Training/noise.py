"""What a hole shows and what it should say: masks, surplus slots, missing slots, wrong words."""
import dataclasses

from configuration import DELETE, EXPAND, MASK, START


@dataclasses.dataclass
class Noise:
    """How training examples are made harder than the text."""

    copies: int = 2       # blocks a hole, with different masks; the second often the complement
    expand: float = 0.1   # share of holes with too few slots
    corrupt: float = 0.15  # share of blocks whose visible tokens may be wrong
    front: float = 3.0    # weight of a masked first slot


@dataclasses.dataclass
class Example:
    """One window as lists: context tokens, and the active tokens of all its blocks."""

    context: list = dataclasses.field(default_factory=list)
    context_position: list = dataclasses.field(default_factory=list)
    active: list = dataclasses.field(default_factory=list)
    active_position: list = dataclasses.field(default_factory=list)
    target: list = dataclasses.field(default_factory=list)   # -100: nothing to predict
    weight: list = dataclasses.field(default_factory=list)
    group: list = dataclasses.field(default_factory=list)    # number of the block
    copied: list = dataclasses.field(default_factory=list)   # context index the block may not see


def with_expand(slots, rng):
    """Too few slots: a share of the pairs is one slot that asks for two."""
    share, merged, at = rng.uniform(0.1, 0.5), [], 0
    while at < len(slots):
        if at + 1 < len(slots) and rng.random() < share:
            merged.append(EXPAND)
            at += 2
        else:
            merged.append(slots[at])
            at += 1
    return merged


def with_delete(slots, rng):
    """Too many slots: up to 24 after the last word are surplus."""
    return slots + [DELETE] * rng.randint(1, max(1, min(24, len(slots))))


def choose_masks(slots, rate, complement, rng):
    """Which slots are open. EXPAND always is, and at least one slot."""
    if complement is not None:
        masked = [not m for m in complement]
    else:
        masked = [rng.random() < rate for _ in slots]
    masked = [m or s == EXPAND for m, s in zip(masked, slots)]
    if not any(masked):
        masked[rng.randrange(len(slots))] = True
    return masked


def build(document, holes, rng, noise=Noise(), rate=None):
    """One Example. A `rate` fixes the share of masks and turns everything else off, for evaluation."""
    train = rate is None
    out, starts, position, at, group = Example(), dict(holes), 0, 0, 0
    while at < len(document):
        if at not in starts:
            out.context.append(int(document[at]))
            out.context_position.append(position)
            at, position = at + 1, position + 1
            continue
        length = starts[at]
        slots = [int(t) for t in document[at:at + length]]
        if train and length >= 4 and rng.random() < noise.expand:
            slots = with_expand(slots, rng)
        elif train and rng.random() < 0.5:
            slots = with_delete(slots, rng)
        if out.context:
            before, before_position = out.context[-1], out.context_position[-1]
        else:
            before, before_position = START, max(position - 1, 0)
        previous = None
        for copy in range(noise.copies if train else 1):
            share = rate
            if train:
                share = 1.0 if rng.random() < 0.25 else rng.uniform(0.02, 1.0)
            complement = None
            if train and copy == 1 and previous is not None and 0.1 < previous[0] < 0.9:
                complement = previous[1]
            masked = choose_masks(slots, share, complement, rng)
            previous = (share, masked)
            shown = [MASK if m else s for m, s in zip(masked, slots)]
            label = [s if m else -100 for m, s in zip(masked, slots)]
            weight = [1.0] * len(slots)
            if train and masked[0]:
                # Settling from the left asks for the first open slot at every step.
                weight[0] = noise.front
                if len(slots) > 1 and masked[1]:
                    weight[1] = max(1.0, noise.front / 2)
            if train and rng.random() < noise.corrupt and not all(masked):
                # Visible tokens are asked for as well, and some of them are wrong.
                for slot, is_masked in enumerate(masked):
                    if is_masked:
                        continue
                    label[slot], weight[slot] = slots[slot], 0.2
                    if rng.random() < 0.12:
                        shown[slot] = int(document[rng.randrange(len(document))])
                        weight[slot] = 1.0
            size = len(slots) + 1
            out.active += [before] + shown
            out.active_position += [before_position] + list(range(position, position + len(slots)))
            out.target += label + [-100]
            out.weight += weight + [0.0]
            out.group += [group] * size
            out.copied += [len(out.context) - 1] * size
            group += 1
        position, at = position + len(slots), at + length
    return out
