"""English and Russian words too common to search for, in normal form."""

from typing import Final

ENGLISH: Final = frozenset(
    """
    a an and are as at be been being but by did do does for from had has have having he her hers him his how
    i if in into is it its me my of on or our ours she so such than that the their theirs them then there
    these they this those to too very was we were what when where which while who whom why will with would
    you your yours
    """.split()
)

RUSSIAN: Final = frozenset(
    """
    а без более бы был была были было быть в вам вас во вот все всё вы где да для до его ее её если есть еще
    ещё же за здесь и из или им их к как ко когда который которая которое которые кто ли лишь между меня мне
    мы на над не него нее неё ней нет ни них но о об он она они оно от перед по под при с со так также там
    те то того тоже только том тот ту ты у уже чего чем что чтобы эта эти это этого этой этом этот эту я
    """.split()
)
