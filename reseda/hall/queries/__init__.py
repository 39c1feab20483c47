"""What the hall gathers from every room: what awaits somebody, where they may go, what was done."""

from reseda.hall.queries.journal import Said, said
from reseda.hall.queries.navigation import LinkSection, navigation
from reseda.hall.queries.today import Figure, figures, todo

__all__ = ["Figure", "LinkSection", "Said", "figures", "navigation", "said", "todo"]
