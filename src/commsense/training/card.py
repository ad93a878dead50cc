"""The model card: what a model is, what it was trained on, how well it does, where it fails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from commsense.errors import UsageError
from commsense.tagging.base import DEFAULT_MODEL, Tagger, read_config
from commsense.training.corpus import REAL
from commsense.training.crossvalidate import FOLDS
from commsense.training.decisions import FALSE_ALARMS
from commsense.training.metrics import MIN_SUPPORT
from commsense.training.network import FEWEST_TEXTS
from commsense.training.provenance import public_sources

CARD_FILE: Final = "README.md"
SHIPPED: Final = "shipped"
"""Says in a config that the user named no messages without the label that was taught."""

_MISSING = "-"
_ENOUGH = 50  # examples; fewer find the plain cases alone, see docs/own_labels.md


def save_with_card(tagger: Tagger, out: Path) -> None:
    """Write a model folder and its card.

    Raises
    ------
    UsageError
        Where the folder cannot be written.
    """
    try:
        tagger.save(out)
        write_card(out)
    except OSError as error:
        raise UsageError(
            f"cannot write the model to {out}: {error.strerror}", "a folder that can be written"
        ) from error


def write_card(folder: Path) -> None:
    """Write the card of a model folder from what its config says."""
    (folder / CARD_FILE).write_text(card(read_config(folder)), encoding="utf-8")


def card(config: dict[str, Any]) -> str:
    """Return the card of a model as Markdown.

    Parameters
    ----------
    config : dict
        What ``config.json`` says; ``training`` and ``metrics`` may be missing.
    """
    parts = [_head(config), _use(config)]
    if "taught" in config:
        parts.append(_taught(config))
    if "training" in config:
        parts.append(_training(config))
    metrics = config.get("metrics", {})
    if "held_out" in metrics:
        parts.append(_held_out(config))
        if "held_out_families" in metrics:
            parts.append(_held_out_families(metrics["held_out_families"]))
        parts.append(_labels(metrics["held_out"]))
        if _tells_calibration(metrics["held_out"]):
            parts.append(_calibration(metrics["held_out"]))
    if "reliability" in metrics:
        parts.append(_reliability(metrics["reliability"]))
    if metrics.get("evidence"):
        parts.append(_evidence(metrics["evidence"]))
    parts.append(_limits(config))
    return "\n\n".join(parts) + "\n"


def lessons(config: dict[str, Any]) -> list[str]:
    """Say in a line for each label what a model's user taught it last, and how well it is found.

    Parameters
    ----------
    config : dict
        What ``config.json`` of a model says that was taught.
    """
    own = {entry["id"]: entry for entry in config.get("own_labels", [])}
    shipped = config["taught"].get("background") == SHIPPED
    return [
        _lesson(own[label], shipped=shipped)
        if label in own
        else f"{label}: corrected by verdicts on {count} texts"
        for label, count in config["taught"]["verdicts"].items()
    ]


def _lesson(own: dict[str, Any], *, shipped: bool) -> str:
    whose = "; these are commsense's own, messages of yours teach more" if shipped else ""
    few = "; the examples are few, so the figures are a hint" if own["shown"] < _ENOUGH else ""
    return (
        f"{own['id']}: {own['shown']} examples, {own['against']} texts without it; each judged by "
        f"weights learnt without it: average precision {_number(own['average_precision'])}, "
        f"F1 {_number(own['f1'])} at the threshold, false alarms in "
        f"{own['false_alarms']:.1%} of the texts without it{whose}{few}"
    )


def _head(config: dict[str, Any]) -> str:
    return (
        f"# {config['name']}\n\n"
        f"A commsense model of kind `{config['kind']}`: tells which of {len(config['labels'])} "
        "relationship labels hold for one e-mail or one turn of a call.\n\n"
        f"- Languages: {', '.join(config['languages'])}. In any other it gives scores and raises "
        "no label.\n"
        f"{_network(config)}"
        f"- Taxonomy {config['taxonomy_version']}, model hash `{config['hash'][:16]}`."
    )


def _network(config: dict[str, Any]) -> str:
    units = config.get("hidden_units", 0)
    if not units:
        return ""
    return (
        "- A weight for each n-gram, mark of form, list of phrases and concept, and beside them a "
        f"network of {units} hidden units over those of {FEWEST_TEXTS} texts and more.\n"
    )


def _use(config: dict[str, Any]) -> str:
    calibrated = "Probabilities are calibrated."
    if config.get("register", {}).get("slope"):
        calibrated = (
            "Probabilities are calibrated, by the score and by the register: how like a message of "
            "a client relation, and unlike a review, a post or a chat, the text reads."
        )
    return (
        "## Use\n\n"
        f"`commsense tag --model {config['name']}`, or `commsense.tagging.load_tagger`. "
        f"{calibrated} A label holds "
        "where its probability reaches its floor and what speaks for the text's labels outweighs "
        "how likely it carries none; floors and the price of an alarm in each language stand in "
        "`config.json` under `decision` and may be moved there. Meant for ranking and for pointing "
        "a person to messages; not for judging "
        "people."
    )


def _taught(config: dict[str, Any]) -> str:
    taught = config["taught"]
    verdicts = ", ".join(f"`{label}` ({count})" for label, count in taught["verdicts"].items())
    told = (
        "## Taught by its user\n\n"
        f"The model `{taught['base']['name']}` (hash `{taught['base']['hash'][:16]}`), whose "
        f"figures follow further down, then verdicts on single texts: {verdicts}."
    )
    if taught.get("background") == SHIPPED:
        told += (
            " The texts without a new label are commsense's own: with messages of your house named "
            "in their place it is found better there."
        )
    own = config.get("own_labels", [])
    return f"{told} {_own_labels(own)}" if own else told


def _own_labels(own_labels: Iterable[dict[str, Any]]) -> str:
    headings = ("label", "shown by", "texts without", "AP", "F1", "false alarms")
    names = ("average_precision", "f1", "false_alarms")
    rows = [
        (f"`{own['id']}`", own["shown"], own["against"], *(_number(own[name]) for name in names))
        for own in own_labels
    ]
    return (
        "Each text below was judged by weights learnt without it; the threshold was chosen on the "
        "same texts, so expect somewhat less.\n\n" + _table(headings, rows)
    )


def _is_ours(config: dict[str, Any]) -> bool:
    """Tell whether a model is the shipped one, or learnt from its user what that one lacked."""
    origin: dict[str, Any] = config.get("taught", {}).get("base", config)
    return bool(origin["name"] == DEFAULT_MODEL)


def _training(config: dict[str, Any]) -> str:
    training = config["training"]
    whose = (
        "Written texts were made for this project. Of real texts only labels and hashes are in "
        "it; the texts stay with their publishers."
        if _is_ours(config)
        else f"Texts of the kind {REAL} were found by the hashes that their labels name; the "
        "others came with their labels."
    )
    rows = [
        (one["lang"], one["kind"], one["source"], one["texts"], *_named(one))
        for one in training["sources"]
    ]
    return (
        "## Trained on\n\n"
        f"{training['texts']} labelled texts, corpus hash `{training['corpus_sha256'][:16]}`. "
        f"{whose}\n\n" + _table(("language", "kind", "source", "texts", "corpus", "licence"), rows)
    )


def _named(source: dict[str, Any]) -> tuple[str, str]:
    """Return a source's full name and its licence, where it is a public corpus that we know."""
    known = public_sources().get(source["source"]) if source["kind"] == REAL else None
    return (known["name"], known["licence"]) if known else (_MISSING, _MISSING)


_HELD_OUT_HEADINGS = (
    "texts of", "texts", "micro F1", "90 % interval", "precision", "recall", "macro F1",
    "mean AP", "false alarms", "of unlabelled",
)  # fmt: skip


def _held_out_families(languages: dict[str, Any]) -> str:
    return (
        "### Kinds of text never seen\n\n"
        "The hardest test: all real texts of a kind (reviews; posts; mail; talk, spoken or "
        "chatted; work threads and reports; encyclopaedia, news and documentation) were "
        "predicted by a model that had seen none of that kind in any language. Expect these "
        "figures where your texts resemble none of the sources above.\n\n"
        + _table(_HELD_OUT_HEADINGS, [_figures(name, one) for name, one in languages.items()])
    )


def _held_out(config: dict[str, Any]) -> str:
    held_out = config["metrics"]["held_out"]
    tables = [
        f"### {title}\n\n"
        + _table(_HELD_OUT_HEADINGS, [_figures(name, one) for name, one in held_out[key].items()])
        for key, title in (
            ("kinds", "By kind"),
            ("languages_and_kinds", "By language and kind"),
            ("sources", "By source"),
        )
    ]
    unseen = "authors and sources" if _by_parts(config) else "texts"
    return (
        f"## How well it does on {unseen} that it has not seen\n\n"
        f"{_held_out_how(config)} Means are over labels "
        f"with {MIN_SUPPORT} and more positives; AP is average precision; false alarms are the "
        "share of the texts without a label that were given one "
        f"(wanted on real texts: at most {FALSE_ALARMS:.2f}).\n\n" + "\n\n".join(tables)
    )


def _by_parts(config: dict[str, Any]) -> bool:
    """Tell whether files and sources were held out whole; a single one is parted by its texts."""
    return bool(config.get("training", {}).get("parts", 2) > 1)


def _held_out_how(config: dict[str, Any]) -> str:
    """Say which models judged the texts of the figures, and what these had seen."""
    split = config["metrics"].get("split")
    if split:
        return _split(split, whole="whole parts of the corpus" if _by_parts(config) else "texts")
    folds = config["metrics"].get("folds", FOLDS)
    whole = (
        "Every part of the written corpus and every real source was predicted by a model trained "
        f"without it (and without some other parts: there are {folds} folds)"
        if _by_parts(config)
        else f"Every text was predicted by a model trained without it and others: one of {folds} "
        "folds of the one file there was, so that authors and sources were seen"
    )
    # A model that was taught judges by the weights of its base, whose figures these are.
    name = "The shipped model" if _is_ours(config) else "This model"
    return (
        f"{whole}, calibrated and decided by a rule fitted without it. {name} has "
        "seen them all; these figures are what to expect of the next one."
    )


def _split(split: dict[str, Any], whole: str) -> str:
    """Say of a model that was fitted once on what texts its figures are."""
    if not split["apart"]:
        return (
            f"The corpus was parted once: the model learnt from {split['trained']} texts, and the "
            f"{split['tested']} others stopped its training, chose its curves and its rule, and "
            "gave these figures, so expect somewhat less."
        )
    return (
        f"The corpus was parted once, by {whole}: the model learnt from {split['trained']} texts, "
        f"{split['validated']} others stopped its training and chose its curves and its rule, and "
        f"the figures are of {split['tested']} that it saw in neither way."
    )


def _labels(held_out: dict[str, Any]) -> str:
    headings = ["label", "support", "raised", "precision", "recall", "F1", "AP"]
    headings += ["calibration error"] if _tells_calibration(held_out) else []
    tables = [
        f"### {kind.capitalize()} texts\n\n"
        + _table(headings, [_label(label) for label in one["labels"]])
        for kind, one in held_out["kinds"].items()
    ]
    return "## By label, held out as above\n\n" + "\n\n".join(tables)


def _tells_calibration(held_out: dict[str, Any]) -> bool:
    """Tell whether a config says how well each label is calibrated; older ones do not."""
    return all(
        "calibration_error" in label
        for one in held_out["kinds"].values()
        for label in one["labels"]
    )


def _calibration(held_out: dict[str, Any]) -> str:
    rows = [
        (kind, _fine(one["calibration_error"]), _fine(_mean_error(one["labels"])))
        for kind, one in held_out["kinds"].items()
    ]
    return (
        "## Calibration\n\n"
        "Expected calibration error: how far what was promised lies from what held, on average "
        "over ten bins of held-out probabilities. Pooled, the many small and right ones outweigh "
        f"all others; the mean over labels with {MIN_SUPPORT} and more positives says more, and "
        "each label's is above.\n\n"
        + _table(("texts", "all labels pooled", "mean over labels"), rows)
    )


def _mean_error(labels: Iterable[dict[str, Any]]) -> float | None:
    errors = [one["calibration_error"] for one in labels if one["support"] >= MIN_SUPPORT]
    return sum(errors) / len(errors) if errors else None


def _reliability(curve: Sequence[dict[str, Any]]) -> str:
    rows = [(one["count"], _number(one["probability"]), _number(one["share"])) for one in curve]
    return (
        "## Reliability\n\nHeld-out probabilities of all labels, in ten bins: what was promised "
        "and what held.\n\n" + _table(("predictions", "mean probability", "share held"), rows)
    )


def _evidence(evidence: dict[str, Any]) -> str:
    return (
        "## Evidence\n\n"
        f"Deleting the evidence of the likeliest label lowers its probability by "
        f"{evidence['evidence_drop']:.2f} on average, deleting a random span of equal length by "
        f"{evidence['random_drop']:.2f}; the evidence wins in {evidence['evidence_wins']:.0%} of "
        f"{evidence['tried']} training texts. It covers {evidence['mean_share']:.0%} of the text."
    )


def _limits(config: dict[str, Any]) -> str:
    readers = "Labels of real texts were given by one reader each. " if _is_ours(config) else ""
    return (
        "## Limits\n\n"
        f"{readers}Rare labels rest on few examples; "
        "see their support. The model reads one message alone: what is plain only from the thread "
        "it cannot know. Irony, dialect and mixed languages are weak points."
    )


def _figures(name: str, one: dict[str, Any]) -> tuple[object, ...]:
    interval = one["micro_f1_interval"]
    return (
        name,
        one["texts"],
        _number(one["micro_f1"]),
        f"{_number(interval[0])} to {_number(interval[1])}" if interval else _MISSING,
        _number(one["micro_precision"]),
        _number(one["micro_recall"]),
        _number(one["macro_f1"]),
        _number(one["mean_average_precision"]),
        _number(one["false_alarms"]),
        one["unlabelled"],
    )


def _label(one: dict[str, Any]) -> tuple[object, ...]:
    names = ("precision", "recall", "f1", "average_precision")
    figures = [_number(one[name]) for name in names]
    told = (f"`{one['label']}`", one["support"], one["raised"], *figures)
    if "calibration_error" not in one:
        return told
    error = one["calibration_error"] if one["support"] >= MIN_SUPPORT else None
    return (*told, _fine(error))


def _fine(value: float | None) -> str:
    return _MISSING if value is None else f"{value:.3f}"


def _number(value: float | None) -> str:
    return _MISSING if value is None else f"{value:.2f}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
