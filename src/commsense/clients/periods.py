"""Calendar periods: weeks, months and quarters in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from commsense.clients.assessment import Grain

_FREQUENCY = {"week": "W-SUN", "month": "M", "quarter": "Q"}
DAY_S = 86_400.0

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def periods(times: pd.Series, by: Grain) -> pd.DataFrame:
    """Return the period of each time.

    Parameters
    ----------
    times : pandas.Series of timestamps
        In UTC, none missing.
    by : {"week", "month", "quarter"}

    Returns
    -------
    pandas.DataFrame
        Columns ``period`` (``2025-W10``, ``2025-03`` or ``2025-Q1``) and ``starts_at``.
    """
    spans = times.dt.tz_localize(None).dt.to_period(_FREQUENCY[by])
    codes, distinct = pd.factorize(spans)
    names = np.array([_name(span, by) for span in distinct], dtype=object)
    starts = pd.DatetimeIndex([span.start_time for span in distinct]).as_unit("us")
    return pd.DataFrame(
        {"period": names[codes], "starts_at": starts.tz_localize("UTC")[codes]}, index=times.index
    )


def _name(span: pd.Period, by: Grain) -> str:
    start = span.start_time
    match by:
        case "week":
            iso = start.isocalendar()
            return f"{iso.year}-W{iso.week:02d}"
        case "month":
            return f"{start:%Y-%m}"
        case "quarter":
            return f"{start.year}-Q{start.quarter}"


def day(seconds: float) -> date | None:
    """Return the UTC day of a time in seconds since 1970, None where it is unknown."""
    return None if np.isnan(seconds) else datetime.fromtimestamp(seconds, UTC).date()


def seconds(moment: date) -> float:
    """Return the first second of a day, since 1970, UTC."""
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC).timestamp()
