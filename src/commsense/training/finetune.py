"""Fine-tuning of a Hugging Face encoder (extra ``transformers``)."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from commsense.errors import ModelError
from commsense.progress import Progress, silent
from commsense.tagging.base import Floats
from commsense.tagging.calibration import Calibration
from commsense.tagging.characters import MAX_CHARACTERS
from commsense.tagging.decision import DecisionRule
from commsense.tagging.transformer import (
    MAX_TOKENS,
    TransformerTagger,
    import_torch,
    import_transformers,
    quiet_transformers,
)
from commsense.taxonomy import load_taxonomy
from commsense.training.corpus import targets
from commsense.training.decisions import Decisions
from commsense.training.evaluate import evaluation
from commsense.training.metrics import MIN_SUPPORT, average_precision
from commsense.training.provenance import describe, held_out_metrics, held_out_parts
from commsense.training.train import text_weights

Indices = npt.NDArray[np.int64]

_TESTED = 0.15  # share of the parts that the figures are taken on
_VALIDATED = 0.15  # share that stops the training and chooses curves and the rule
_CLIP = 1.0  # length of a gradient; longer ones throw a fine-tuned model off
_WEIGHT_DECAY = 0.01
_HEAD_RATE = 10  # times the encoder's
_SORTED_BATCHES = 50  # whose texts are sorted by length together: little is spent on padding
_MIN_PARTS = 3  # to train, validate and test on different ones


@dataclass(frozen=True, slots=True)
class FineTuning:
    """How an encoder is fine-tuned.

    Attributes
    ----------
    epochs : int
        At most so many rounds, each one pass over the training texts or several.
    least_steps : int
        Of a round: a small corpus is passed over so often that it has as many.
    patience : int
        Rounds without a better mean average precision after which training stops.
    batch, accumulate : int
        Texts at a time, and how many such batches make one step.
    learning_rate : float
        Peak of the schedule. The new outputs learn ten times as fast as the encoder, which knows
        its language already.
    warm_up : float
        Share of all steps in which the rate rises; it falls to zero over the others.
    seed : int
    """

    epochs: int = 3
    least_steps: int = 100
    patience: int = 2
    batch: int = 32
    accumulate: int = 1
    learning_rate: float = 1e-4
    warm_up: float = 0.1
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Lessons:
    """Texts, what is wanted of each, shape (texts, labels), and how much each counts."""

    texts: Sequence[str]
    wanted: Floats
    weights: Floats


def fine_tune(
    corpus: pd.DataFrame,
    base: str,
    *,
    settings: FineTuning | None = None,
    progress: Progress = silent,
) -> TransformerTagger:
    """Fine-tune an encoder to one output a label.

    A part of the corpus's parts stops the training early and fits calibration and decision rule,
    another gives the figures; neither is trained on.

    Parameters
    ----------
    corpus : pandas.DataFrame
        As :func:`commsense.training.read_corpora` gives it.
    base : str
        Name or folder of a Hugging Face encoder.
    settings : FineTuning, optional
    progress : Progress

    Raises
    ------
    ModelError
        Where the base cannot be loaded.
    MissingExtraError
        Where torch or transformers is not installed.
    """
    chosen = settings or FineTuning()
    tagger = _fresh(base, corpus, chosen.seed)
    wanted = targets(corpus, tagger.labels)
    train, validate, test = _split(corpus, chosen.seed)
    lessons = _Lessons(corpus["text"].tolist(), wanted, text_weights(corpus))
    _set_bias(tagger, lessons, train)
    _fit(tagger, lessons, train, validate, chosen, progress)
    held = corpus.iloc[validate]
    logits = tagger.logits(held["text"].tolist())
    decisions = Decisions.fit(held, logits, wanted[validate])
    tagger.calibration, tagger.rule = decisions.calibration, decisions.rule
    unseen = corpus.iloc[test]
    judged = tagger.judge(unseen["text"].tolist(), unseen["lang"].tolist())
    found = evaluation(unseen, tagger, judged.probabilities, judged.holds)
    about = {"base": base, "fine_tuning": asdict(chosen), "training": describe(corpus)}
    sizes = {
        "trained": len(train),
        "validated": len(validate),
        "tested": len(test),
        "apart": not np.array_equal(validate, test),
    }
    return tagger.describe(**about, metrics={"held_out": held_out_metrics(found), "split": sizes})


def _fresh(base: str, corpus: pd.DataFrame, seed: int) -> TransformerTagger:
    """Load the encoder with a new, untrained output for each label."""
    torch, transformers = import_torch(), import_transformers()
    torch.manual_seed(seed)
    labels = load_taxonomy().text_ids
    try:
        with quiet_transformers():
            tokenizer = transformers.AutoTokenizer.from_pretrained(base, trust_remote_code=False)
            model = transformers.AutoModelForSequenceClassification.from_pretrained(
                base,
                num_labels=len(labels),
                problem_type="multi_label_classification",
                id2label=dict(enumerate(labels)),
                label2id={label: place for place, label in enumerate(labels)},
                ignore_mismatched_sizes=True,
                trust_remote_code=False,
            )
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ModelError(
            f"cannot load the base {base!r}: {reason}",
            "the name or folder of a Hugging Face encoder",
            "check the name, or download the model first",
        ) from error
    count = len(labels)
    return TransformerTagger(
        model.to("cuda" if torch.cuda.is_available() else "cpu"),
        tokenizer,
        labels=labels,
        languages=corpus["lang"].value_counts().index.tolist(),
        calibration=Calibration.plain(count),
        rule=DecisionRule.by_floors(np.full(count, 0.5, np.float32)),
    )


def _split(corpus: pd.DataFrame, seed: int) -> tuple[Indices, Indices, Indices]:
    """Part the rows into training, validation and test, whole parts of the corpus at a time."""
    parts = held_out_parts(corpus)
    names = np.random.default_rng(seed).permutation(sorted(set(parts)))
    sizes = np.cumsum([(parts == name).sum() for name in names]) / len(parts)
    # At least one part each, whatever the sizes are.
    test_end = max(1, int(np.searchsorted(sizes, _TESTED)))
    validate_end = max(test_end + 1, int(np.searchsorted(sizes, _TESTED + _VALIDATED)))
    test = np.isin(parts, names[:test_end])
    validate = np.isin(parts, names[test_end:validate_end])
    if len(names) < _MIN_PARTS:  # two parts cannot make three: the figures come from validation
        test = validate = np.isin(parts, names[:1])
    return (
        np.flatnonzero(~(test | validate)),
        np.flatnonzero(validate),
        np.flatnonzero(test),
    )


def _set_bias(tagger: TransformerTagger, lessons: _Lessons, train: Indices) -> None:
    """Let the new outputs begin at how frequent the labels are: they need not learn it first."""
    torch = import_torch()
    weights = lessons.weights[train]
    held = (weights @ lessons.wanted[train] + 1) / (weights.sum() + 2)
    outputs = [
        module
        for module in tagger.model.modules()
        if isinstance(module, torch.nn.Linear) and module.out_features == len(tagger.labels)
    ]
    if outputs and outputs[-1].bias is not None:
        with torch.no_grad():
            outputs[-1].bias.copy_(torch.from_numpy(np.log(held / (1 - held))))


def _fit(
    tagger: TransformerTagger,
    lessons: _Lessons,
    train: Indices,
    validate: Indices,
    settings: FineTuning,
    progress: Progress,
) -> None:
    """Train until validation gets no better, then go back to the best weights."""
    torch = import_torch()
    steps = -(-len(train) // (settings.batch * settings.accumulate))
    passes = -(-settings.least_steps // steps)
    optimiser = _optimiser(tagger.model, settings.learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: _rate(step, steps * passes * settings.epochs, settings.warm_up)
    )
    best, best_weights, waited = -1.0, copy.deepcopy(tagger.model.state_dict()), 0
    held = [lessons.texts[row] for row in validate]
    random = np.random.default_rng(settings.seed)
    before, total = 0, settings.epochs * passes * len(train)
    for _ in range(settings.epochs):
        for _ in range(passes):
            batches = _batches(lessons.texts, random.permutation(train), settings.batch, random)
            for done in _pass(tagger, lessons, batches, optimiser, schedule, settings):
                progress("fine-tuning", before + done, total)
            before += len(train)
        reached = _validation(tagger, held, lessons.wanted[validate])
        if reached > best:
            best, best_weights, waited = reached, copy.deepcopy(tagger.model.state_dict()), 0
        else:
            waited += 1
        if waited >= settings.patience:
            break
    tagger.model.load_state_dict(best_weights)
    tagger.model.eval()


def _optimiser(model: Any, rate: float) -> Any:  # noqa: ANN401  # torch has no types here
    """Return an optimiser whose rate is higher for what the encoder does not bring."""
    encoder = {id(one) for one in model.base_model.parameters()}
    head = [one for one in model.parameters() if id(one) not in encoder]
    groups = [
        {"params": list(model.base_model.parameters()), "lr": rate},
        {"params": head, "lr": rate * _HEAD_RATE},
    ]
    return import_torch().optim.AdamW(groups, weight_decay=_WEIGHT_DECAY)


def _batches(
    texts: Sequence[str], order: Indices, size: int, random: np.random.Generator
) -> list[Indices]:
    """Part rows into batches of texts of like length, which come in any order."""
    found: list[Indices] = []
    for start in range(0, len(order), size * _SORTED_BATCHES):
        some = order[start : start + size * _SORTED_BATCHES]
        by_length = some[np.argsort([len(texts[row]) for row in some], kind="stable")]
        found += [by_length[begin : begin + size] for begin in range(0, len(some), size)]
    return [found[place] for place in random.permutation(len(found))]


def _pass(
    tagger: TransformerTagger,
    lessons: _Lessons,
    batches: Sequence[Indices],
    optimiser: Any,  # noqa: ANN401  # torch has no types here
    schedule: Any,  # noqa: ANN401
    settings: FineTuning,
) -> Iterator[int]:
    """Pass once over the texts; yield after each batch how many are done."""
    torch = import_torch()
    tagger.model.train()
    done = 0
    for number, rows in enumerate(batches, start=1):
        loss = _loss(tagger, lessons, rows) / settings.accumulate
        loss.backward()
        if number % settings.accumulate == 0 or number == len(batches):
            torch.nn.utils.clip_grad_norm_(tagger.model.parameters(), _CLIP)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
        done += len(rows)
        yield done
    tagger.model.eval()


def _loss(tagger: TransformerTagger, lessons: _Lessons, rows: Indices) -> Any:  # noqa: ANN401
    """Return the cross-entropy of all labels, of which each text has its weight's share."""
    torch = import_torch()
    encoded = tagger.tokenizer(
        [lessons.texts[row][:MAX_CHARACTERS] for row in rows],
        truncation=True,
        max_length=MAX_TOKENS,
        padding=True,
        return_tensors="pt",
    ).to(tagger.model.device)
    wanted, weights = (
        torch.from_numpy(values[rows]).to(tagger.model.device)
        for values in (lessons.wanted, lessons.weights)
    )
    return torch.nn.functional.binary_cross_entropy_with_logits(
        tagger.model(**encoded).logits, wanted, weights[:, None]
    )


def _rate(step: int, steps: int, warm_up: float) -> float:
    """Return the share of the peak rate: a straight rise, then a straight fall to zero."""
    rise = max(1, round(steps * warm_up))
    return step / rise if step < rise else max(0.0, (steps - step) / max(1, steps - rise))


def _validation(tagger: TransformerTagger, texts: Sequence[str], wanted: Floats) -> float:
    """Return the mean average precision over the labels with enough positives."""
    logits = tagger.logits(texts)
    enough = np.flatnonzero(wanted.sum(axis=0) >= MIN_SUPPORT)
    if not len(enough):
        enough = np.flatnonzero(wanted.sum(axis=0) > 0)
    found = [
        average_precision(wanted[:, column] > 0, logits[:, column]) or 0.0 for column in enough
    ]
    return float(np.mean(found)) if found else 0.0
