"""What every record read from a portal has in common."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A typed reading of a page: text normalised, amounts as Decimal, dates as date."""

    model_config = ConfigDict(frozen=True, extra="forbid")
