"""Arabic words that no rule finds, read by hand: stop words, and where the rules need to be told."""

from typing import Final

# In normal form, hamza and ى as written: the name علي is no stop word, على is one. "إن", "أن" and "ان"
# are all printed.
_PARTICLES: Final = """
    من في فى على إلى الى عن مع ما لا لم لن قد لقد هل كم كي ثم أو او أم ام إن أن ان إنه أنه انه إنها
    أنها انها إنهم أنهم انهم إذا اذا إذ اذ لو لولا لكن لكنه لكنها حتى منذ حيث كما مما عما فيما بما
    لما بين بينما عند عندما حين حينما حول نحو خلال دون بدون قبل بعد لدى هو هي هم هن نحن أنا انا أنت
    انت هذا هذه هذان هذين هاتان هاتين ذلك تلك هؤلاء أولئك اولئك الذي الذى التي التى الذين اللذان
    اللذين اللتان اللتين اللواتي اللاتي هنا هناك هنالك له لها لهم لنا به بها بهم فيه فيها فيهم منه
    منها منهم عنه عنها عنهم عليه عليها عليهم إليه إليها إليهم اليه اليها اليهم معه معها معهم لديه
    لديها لديهم بينهم بينها بينهما كان كانت كانوا يكون تكون ليس ليست سوف كل كلا كلتا بعض غير أي اي
    أية اية أيضا ايضا إلا الا إنما انما أما اما كيف متى أين اين ماذا لماذا مثل كذلك لذلك بذلك هكذا
    تم يتم
"""
_WITH_OTHERS: Final = """
    الآن الان ولكن ولكنه ولكنها وذلك بأن بان لأن لان لأنه لانه لأنها لانها كأن كان بدوره بدورها
    بدورهم ممن عمن فقد فإن فان فإنه فانه فإنها فهو فهي فما فلا فلم فلن فيمن لكل بكل ككل
    بعضها بعضهم كلها كلهم جميع
"""
STOP: Final = frozenset(
    [*_PARTICLES.split(), *_WITH_OTHERS.split(), *(f"و{word}" for word in _PARTICLES.split())]
)

# All below is folded. Words that ة tells from another of the same letters: مدينة is a city, مدين a debtor;
# قمة is a summit, قم a city. Elsewhere ة makes a feminine, and goes: رئيسة is found with رئيس.
FEMININE: Final = frozenset(
    """
    بعثه بنيه ثوره جامعه جلسه جماعه جمله جنه جهه حصه حلقه حمله خطه دايره دوره رحله ساعه ساحه شركه
    صحه صفقه صوره طايره عاصمه عمله غزه فرقه فيه قاعده قمه قناه كتيبه كره مدرسه مدينه مكتبه منطقه
    نسبه نقطه هييه وحده
    """.split()
)

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
}

# Before a pronoun these are قوة and سنة, though both are nouns (food, cent).
FEMININE_BEFORE_PRONOUN: Final = frozenset(["قوت", "سنت"])
