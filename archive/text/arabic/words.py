"""Arabic words that no rule finds, read by hand: stop words, and where the rules need to be told."""

from typing import Final

# In normal form, hamza and ى as written: the name علي is no stop word, على is one. Left out is what the press
# also names things with: أم (mother; أم قصر), فان (van), بان كي مون.
_PARTICLES: Final = """
    من في فى على إلى عن مع ما لا لم لن قد لقد هل كم كي ثم أو إن أن إنه أنه إنها أنها إنهم أنهم إذا إذ لو
    لولا لكن لكنه لكنها حتى منذ حيث كما مما عما فيما بما لما بين بينما عند عندما حين حينما حول نحو خلال
    دون بدون قبل بعد لدى هو هي هم هن نحن أنا أنت هاتان هاتين هؤلاء أولئك هنا هناك هنالك له لها لهم لنا
    لهما به بها بهم بهما فيه فيها فيهم فيهما منه منها منهم منهما عنه عنها عنهم عليه عليها عليهم عليهما
    إليه إليها إليهم معه معها معهم لديه لديها لديهم بينهم بينها بينهما كان كانت كانوا يكون تكون ليس ليست
    سوف كل كلا كلتا بعض غير أي أية أيضا إلا إنما أما كيف متى أين ماذا لماذا مثل هكذا تم يتم
"""
# These stand after prepositions too: بهذا, لذلك, كالتي.
_POINTING: Final = (
    "هذا هذه هذان هذين ذلك تلك الذي الذى التي التى الذين اللذان اللذين اللتان اللتين اللواتي اللاتي"
)
_WITH_OTHERS: Final = """
    و ف ب ل ك
    الآن بأن بأنه بأنها بأنهم لأن لأنه لأنها لأنهم كأن كأنه كأنها بدوره بدورها بدورهم ممن عمن فيمن لكل بكل
    ككل بعضها بعضهم كلها كلهم جميع للذين للذي للتي
"""


def _stop_words() -> frozenset[str]:
    pointing = _POINTING.split()
    alone = [*_PARTICLES.split(), *pointing, *(letter + word for letter in "بلك" for word in pointing)]
    found = {letter + word for letter in ("", "و", "ف") for word in alone} | set(_WITH_OTHERS.split())
    # Print leaves the hamza out.
    found |= {word.translate(_BARE) for word in found}
    return frozenset(found - _SEARCHED)


_BARE: Final = str.maketrans("أإآ", "ااا")
# Another word each: understanding, Van and van, appeared (and Ban), mother's ام.
_SEARCHED: Final = frozenset("فهم فان بان".split())

STOP: Final = _stop_words()

# All below is folded. Words that keep their last letter, for without it they are another word: مدينة is a
# city, مدين a debtor; هادي is a man's name, and no nisba. Elsewhere ة makes a feminine, and goes: رئيسة is
# found with رئيس.
WHOLE: Final = frozenset(
    """
    بعثه بنيه ثوره جامعه جلسه جماعه جمله حاله حلقه حمله دايره دوره رحله ساعه ساحه شركه صفقه صوره طايره
    عاصمه عاده عبره عمله فتره فرقه قاعده قناه كتيبه ماده مدرسه مدينه مكتبه منطقه نسبه نقطه هييه وحده
    حلمي حمدي ذكري رامي رشدي سامي سلوي شكري شوقي صبري صدقي عيسي غازي فتحي فوزي كبري كرسي ليلي مجدي مرسي
    مهدي موسي ناجي نوري هادي
    """.split()
)

# Read as و, ب or ل and a word, though each is a form of another word as well.
APART: Final = frozenset("بعدن وعدن وصيدا لغزه بعلي لعلي وعلي بطريق لبنت لبيت بصين لصين".split())

# Words with a ل of their own that لل is read as: للجنة is "for the committee", not "for the paradise".
LAM: Final = frozenset(
    """
    لازم لاجي لاجيه لاجيين لاجيون لايحه لبنان لبناني لبنانيه لبنانيون لبنانيين لجان لجنه لجوء لحظات
    لحظه لحم لحوم لسان لعب لعبه لغات لغه لغوي لغويه لقاء لقاءات لقاح لقاحات لقب لندن لواء لوايح لوم
    لون لوحه ليبرالي ليبراليه ليبي ليبيا ليبيه ليبيون ليبيين ليل ليله
    """.split()
)

# Two spellings of one word in today's press, and forms that the rules would take apart.
SAME: Final = {
    "اميرك": "امريك",
    "افغان": "افغانستان",
    "كازاخ": "كازاخستان",
    "اوزبك": "اوزبكستان",
    "طاجيك": "طاجيكستان",
    "تركمان": "تركمانستان",
    "نمساو": "نمس",
    "شيون": "شوون",
    "اسيو": "اسي",
    "حمو": "حما",
    "غزي": "غزه",
    "ماساو": "ماسا",
    "سماو": "سماء",
    "صحراو": "صحراء",
    "كوسوفو": "كوسوف",
    "رواء": "روا",
}

# Before a pronoun these are قوة and سنة, though both are nouns (food, cent).
FEMININE_BEFORE_PRONOUN: Final = frozenset(["قوت", "سنت"])
