"""Train the adapter. Same code on two CPU cores and on one large GPU; README.md has both commands."""
import argparse
import json
import os
import time

import numpy as np
import torch

import heldout
from base import load_base
from denoiser import Denoiser
from noise import Noise
from stream import Windows


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    files = p.add_argument_group("files")
    files.add_argument("--base", required=True)
    files.add_argument("--tokens", required=True)
    files.add_argument("--heldout", required=True)
    files.add_argument("--out", required=True, help="checkpoint; OUT.stable before the rate falls")
    files.add_argument("--resume", default="", help="checkpoint to go on from")
    run = p.add_argument_group("length of the run: whichever ends first")
    run.add_argument("--minutes", type=float, default=10)
    run.add_argument("--steps", type=int, default=0, help="0: as many as the minutes allow")
    run.add_argument("--decay", type=float, default=0.3, help="last share, the rate falling to 2 %%")
    run.add_argument("--warmup", type=int, default=100)
    run.add_argument("--lr", type=float, default=5e-4)
    run.add_argument("--every", type=int, default=200, help="steps between evaluations")
    data = p.add_argument_group("data")
    data.add_argument("--batch", type=int, default=64)
    data.add_argument("--window", type=int, default=512)
    data.add_argument("--hole", type=int, default=160, help="tokens in holes a window")
    data.add_argument("--holes", type=int, default=16, help="holes a window, at most")
    data.add_argument("--active", type=int, default=464, help="active tokens a window; more are cut")
    data.add_argument("--copies", type=int, default=2)
    data.add_argument("--expand", type=float, default=0.1)
    data.add_argument("--corrupt", type=float, default=0.15)
    data.add_argument("--front", type=float, default=3.0)
    data.add_argument("--seed", type=int, default=1)
    host = p.add_argument_group("model and host")
    host.add_argument("--rank", type=int, default=64)
    host.add_argument("--workers", type=int, default=0)
    host.add_argument("--compile", action="store_true")
    host.add_argument("--threads", type=int, default=0)
    return p.parse_args()


class Clock:
    """How much of a run is done, by time or by steps, and the learning rate that goes with it."""

    def __init__(self, a, first):
        self.a, self.first, self.start = a, first, time.time()

    def seconds(self):
        return time.time() - self.start

    def done(self, step):
        by_time = self.seconds() / (self.a.minutes * 60)
        by_steps = (step - self.first) / self.a.steps if self.a.steps else 0
        return max(by_time, by_steps)

    def rate(self, step):
        """Linear warm-up, constant, then linear decay."""
        done, decay = self.done(step), self.a.decay
        warm = min(1, (step - self.first + 1) / self.a.warmup)
        return self.a.lr * warm * (1 if done < 1 - decay else max(0.02, (1 - done) / decay))


def save(path, model, step, optimizer=None):
    """Writes beside and renames: a run that is stopped leaves the last whole checkpoint."""
    state = {"model": model.state_dict(), "rank": model.rank, "scale": model.scale, "step": step}
    if optimizer:
        state["optimizer"] = optimizer.state_dict()
    torch.save(state, path + ".part")
    os.replace(path + ".part", path)


def main():
    a = arguments()
    if a.threads:
        torch.set_num_threads(a.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(a.seed)
    torch.backends.cuda.matmul.allow_tf32 = True
    model = Denoiser(*load_base(a.base), a.rank).to(device)
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(
        parameters, lr=a.lr, betas=(0.9, 0.98), weight_decay=0.0, fused=device == "cuda")
    step = 0
    if a.resume:
        state = torch.load(a.resume, map_location=device)
        model.load_state_dict(state["model"])
        step = state["step"]
        if "optimizer" in state:
            optimizer.load_state_dict(state["optimizer"])
    context, active = model.context, model.active
    if a.compile:
        context, active = torch.compile(context), torch.compile(active)

    tokens = np.load(a.heldout, mmap_mode="r")
    few, many = (200, 400) if device == "cuda" else (48, 48)
    print("base, left context only", heldout.baseline(model, tokens, few), flush=True)
    noise = Noise(a.copies, a.expand, a.corrupt, a.front)
    windows = Windows(a.tokens, noise, batch=a.batch, window=a.window, hole=a.hole, holes=a.holes,
                      active=a.active, seed=a.seed)
    loader = torch.utils.data.DataLoader(
        windows, batch_size=None, num_workers=a.workers, pin_memory=device == "cuda",
        prefetch_factor=4 if a.workers else None)
    clock, recent, targets, settled = Clock(a, step), [], 0, False
    for x in loader:
        done = clock.done(step)
        if done >= 1:
            break
        if done >= 1 - a.decay and not settled:
            settled = True
            save(a.out + ".stable", model, step, optimizer)
        rate = clock.rate(step)
        for group in optimizer.param_groups:
            group["lr"] = rate
        nll, weight = heldout.losses(model, x, context, active)
        loss = (nll * weight).sum() / weight.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step, targets, recent = step + 1, targets + len(weight), (recent + [loss.detach()])[-20:]
        if step % 20 == 0:
            print(f"{clock.seconds():.0f}s step {step} loss {torch.stack(recent).mean().item():.3f} "
                  f"lr {rate:.1e} targets {targets} targets/s {targets / clock.seconds():.0f}",
                  flush=True)
        if step % a.every == 0:
            print("eval", step, json.dumps(heldout.table(model, tokens)), flush=True)
            save(a.out, model, step, optimizer)
    print("eval final", step, json.dumps(heldout.table(model, tokens, many)), flush=True)
    save(a.out, model, step)


if __name__ == "__main__":
    main()
