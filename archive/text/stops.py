"""English and Russian words too common to search for, in normal form."""

from typing import Final

ENGLISH: Final = frozenset(
    """
    a an and are as at be been being but by did do does for from had has have having he her hers him his how
    i if in into is it its many me much my of on or our ours she so such than that the their theirs them then
    there these they this those to too very was we were what when where which while who whom why will with
    would you your yours
    """.split()
)

RUSSIAN: Final = frozenset(
    """
    а без более больше будет бы был была были было быть в вам вас во вот все всего всех всё вы где да два для
    до другой его ее ей ему если есть еще ещё её же за здесь и из или им их к как какая какие каким какими
    каких какого какое какой какому какую кем ко когда кому которая которого которое которой котором которому
    которую которые который которым которых кто куда ли лишь между меня мне может можно мы на над нас не него
    нее ней нет неё ни ним них ничего но о об один он она они оно от откуда перед по под потом потому почему
    при про с свою себя сейчас сколько со так также такой там те тем то тогда того тоже только том тот ту ты
    у уже чего чему чем через что чтоб чтобы чём эта эти это этого этой этом этот эту я
    """.split()
)
