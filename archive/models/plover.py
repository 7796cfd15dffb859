"""Event types, modes and contexts: the words in which the archive says what happened, how, and in what field.

The codes are those of PLOVER 2.0, the Political Language Ontology for Verifiable Event Records of the Open
Event Data Alliance (https://github.com/openeventdata/PLOVER, documentation CC BY-SA 4.0), presented by A.
Halterman, B. E. Bagozzi, A. Beger, P. A. Schrodt and G. I. Scarborough in "PLOVER and POLECAT: A New
Political Event Ontology and Dataset", https://osf.io/preprints/socarxiv/rm5dw, and read from the lists that
one of them publishes (https://github.com/andybega/rpolecat, MIT). Only code names are taken, with hyphens
written as underscores (``third_party``) and ``sideAB`` as ``side_ab``. Labels and definitions are the
archive's own words; nothing is taken from the CAMEO codebook, whose licence forbids commercial use.

One type is the archive's own: ``exhibition``, which PLOVER lacks. Drafts of PLOVER also list contexts for
past, future, hypothetical and negated events; here an event's dates and its occurrence say that.
"""

from typing import Self

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DefinedChoices(models.TextChoices):
    """Text choices whose members also carry a definition: ``NAME = value, definition, label``.

    The label stands last because Django takes the last item of a member's tuple for its label and hands the
    items before it to the constructor.
    """

    definition: str | Promise

    def __new__(cls, value: str, definition: str | Promise) -> Self:
        """Make the member that is the string `value` and carries `definition`."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.definition = definition
        return member


class QuadClass(models.TextChoices):
    """The four quarters that event types fall into: in word or in deed, with or against another."""

    VERBAL_COOPERATION = "verbal_cooperation", _("Verbal cooperation")
    MATERIAL_COOPERATION = "material_cooperation", _("Material cooperation")
    VERBAL_CONFLICT = "verbal_conflict", _("Verbal conflict")
    MATERIAL_CONFLICT = "material_conflict", _("Material conflict")


class EventType(DefinedChoices):
    """What happened."""

    AGREE = (
        "agree",
        _("A commitment to cooperate that is still to be carried out: an accepted offer, a promise to sign."),
        pgettext_lazy("event type", "Agree"),
    )
    CONSULT = (
        "consult",
        _("Parties talk to each other: a visit, a meeting, negotiations, a call."),
        pgettext_lazy("event type", "Consult"),
    )
    SUPPORT = (
        "support",
        _("Political backing without material help: praise, recognition, a treaty signed or ratified."),
        pgettext_lazy("event type", "Support"),
    )
    CONCEDE = (
        "concede",
        _("Giving way in words: an apology, a pardon, a curfew lifted, a truce declared but not yet kept."),
        pgettext_lazy("event type", "Concede"),
    )
    COOPERATE = (
        "cooperate",
        _("Material cooperation from which both sides gain: trade, joint exercises, extradition."),
        pgettext_lazy("event type", "Cooperate"),
    )
    AID = (
        "aid",
        _("Material help that chiefly benefits whoever receives it: money, arms, relief, refuge."),
        pgettext_lazy("event type", "Aid"),
    )
    RETREAT = (
        "retreat",
        _("Giving way in deed: captives freed, troops pulled back, property restored, an office resigned."),
        pgettext_lazy("event type", "Retreat"),
    )
    REQUEST = (
        "request",
        _("A party asks or demands, in words, that another act."),
        pgettext_lazy("event type", "Request"),
    )
    ACCUSE = (
        "accuse",
        _("Blame, in words or in law: criticism, an accusation, a charge, a lawsuit, an inquiry."),
        pgettext_lazy("event type", "Accuse"),
    )
    REJECT = (
        "reject",
        _("A party refuses what is asked of it or offered to it."),
        pgettext_lazy("event type", "Reject"),
    )
    THREATEN = (
        "threaten",
        _("A party warns of harm that it will do."),
        pgettext_lazy("event type", "Threaten"),
    )
    PROTEST = (
        "protest",
        _("Civilians act together in public against a policy, an authority or another group."),
        pgettext_lazy("event type", "Protest"),
    )
    SANCTION = (
        "sanction",
        _("Existing ties are reduced or broken off, or a court convicts."),
        pgettext_lazy("event type", "Sanction"),
    )
    MOBILIZE = (
        "mobilize",
        _("Soldiers, police or armed groups are moved or made ready, and force is not used."),
        pgettext_lazy("event type", "Mobilize"),
    )
    COERCE = (
        "coerce",
        _("Power is used to repress people or to curtail their rights."),
        pgettext_lazy("event type", "Coerce"),
    )
    ASSAULT = (
        "assault",
        _("Deliberate violence that can do serious harm."),
        pgettext_lazy("event type", "Assault"),
    )
    # The archive's own; PLOVER has no such type and no quad class for it.
    EXHIBITION = (
        "exhibition",
        _("A trade, military or cultural fair, show or forum that puts goods, arms or works on display."),
        pgettext_lazy("event type", "Exhibition"),
    )

    @property
    def quad_class(self) -> QuadClass | None:
        """The quarter that PLOVER puts this type in; none for a type of the archive's own."""
        return _QUAD_CLASSES.get(self)


_QUAD_CLASSES = {
    EventType.AGREE: QuadClass.VERBAL_COOPERATION,
    EventType.CONSULT: QuadClass.VERBAL_COOPERATION,
    EventType.SUPPORT: QuadClass.VERBAL_COOPERATION,
    EventType.CONCEDE: QuadClass.VERBAL_COOPERATION,
    EventType.COOPERATE: QuadClass.MATERIAL_COOPERATION,
    EventType.AID: QuadClass.MATERIAL_COOPERATION,
    EventType.RETREAT: QuadClass.MATERIAL_COOPERATION,
    EventType.REQUEST: QuadClass.VERBAL_CONFLICT,
    EventType.ACCUSE: QuadClass.VERBAL_CONFLICT,
    EventType.REJECT: QuadClass.VERBAL_CONFLICT,
    EventType.THREATEN: QuadClass.VERBAL_CONFLICT,
    EventType.PROTEST: QuadClass.MATERIAL_CONFLICT,
    EventType.SANCTION: QuadClass.MATERIAL_CONFLICT,
    EventType.MOBILIZE: QuadClass.MATERIAL_CONFLICT,
    EventType.COERCE: QuadClass.MATERIAL_CONFLICT,
    EventType.ASSAULT: QuadClass.MATERIAL_CONFLICT,
}


class EventMode(DefinedChoices):
    """How it happened; under a request, a refusal or a threat: what is asked for, refused or threatened."""

    # consult
    VISIT = "visit", _("One party travels to the other, who hosts."), _("Visit")
    THIRD_PARTY = "third_party", _("The talks of others are hosted by a third."), _("Third-party talks")
    MULTILATERAL = "multilateral", _("Many parties meet, as at a summit."), _("Multilateral meeting")
    PHONE = "phone", _("The parties talk from afar, by telephone or video."), _("Telephone or video call")

    # retreat; withdraw also under sanction
    WITHDRAW = (
        "withdraw",
        _("Forces leave an area; or a party quits a body, talks or a country, or recalls what it had there."),
        _("Withdrawal"),
    )
    RELEASE = "release", _("Prisoners, detainees or hostages go free."), _("Release of captives")
    RETURN = "return", _("Property goes back to its owner."), _("Return of property")
    DISARM = "disarm", _("A force hands over its weapons or disbands."), _("Disarmament")
    CEASEFIRE = "ceasefire", _("Fighting stops under a truce."), _("Ceasefire")
    ACCESS = "access", _("Observers, peacekeepers or relief workers are let in."), _("Access for outsiders")
    RESIGN = "resign", _("The holder of an office steps down."), _("Resignation")

    # request, reject
    ASSIST = "assist", _("The issue is help, exchange or cooperation."), _("Assistance")
    CHANGE = "change", _("The issue is a new policy, leader or form of government."), _("Political change")
    YIELD = "yield", _("The issue is a concession, such as freeing prisoners or a truce."), _("Concession")
    MEET = "meet", _("The issue is whether to meet or negotiate."), _("Meeting or negotiations")

    # accuse
    DISAPPROVE = "disapprove", _("An act or a policy is criticised or condemned."), _("Disapproval")
    INVESTIGATE = "investigate", _("Possible wrongdoing is looked into."), _("Investigation")
    ALLEGE = "allege", _("Someone is accused of wrongdoing, in public or in law."), _("Allegation or charge")

    # threaten; restrict, ban and arrest also under coerce, expel also under sanction
    RESTRICT = "restrict", _("Freedoms, or the movement of people or goods, are limited."), _("Restriction")
    BAN = "ban", _("A person, a party or an organisation is outlawed."), _("Ban")
    ARREST = "arrest", _("People are taken into custody or prosecuted."), _("Arrest")
    RELATIONS = "relations", _("Ties or talks are to be suspended."), _("Suspension of relations")
    EXPEL = "expel", _("Diplomats, a mission or a member are put out of a country or a body."), _("Expulsion")
    TERRITORY = "territory", _("Land is to be invaded, occupied or annexed."), _("Seizure of territory")
    VIOLENCE = "violence", _("Force is to be used."), _("Violence")

    # protest
    DEMO = "demo", _("A march or gathering that is peaceful in the main."), _("Demonstration")
    RIOT = "riot", _("A crowd attacks people or property."), _("Riot")
    STRIKE = "strike", _("Workers stop work."), _("Strike")
    HUNGER = "hunger", _("Protesters refuse food."), _("Hunger strike")
    BOYCOTT = "boycott", _("Goods, a vote or a gathering are shunned."), _("Boycott")
    OBSTRUCT = "obstruct", _("A road, a crossing or an entrance is blocked."), _("Obstruction of passage")

    # sanction
    CONVICT = "convict", _("A court rules that someone is guilty or liable."), _("Conviction")
    DISCONTINUE = "discontinue", _("Diplomatic, trade or other exchanges are cut."), _("Cutting of ties")

    # mobilize
    TROOPS = "troops", _("Soldiers are called up, deployed or put on alert."), _("Troops")
    WEAPONS = "weapons", _("Weapons systems are deployed or made ready."), _("Weapons systems")
    POLICE = "police", _("Police or security forces are deployed or put on alert."), _("Police")
    MILITIA = "militia", _("An armed group outside the state gathers or deploys."), _("Militia")

    # coerce
    SEIZE = "seize", _("Property is confiscated or premises are raided."), _("Seizure of property")
    CENSOR = "censor", _("News, publications or channels are suppressed or blocked."), _("Censorship")
    CURFEW = "curfew", _("People are ordered to stay indoors at set hours."), _("Curfew")
    MARTIAL_LAW = "martial_law", _("Emergency or military rule is declared."), _("Martial law")
    DEPORT = "deport", _("People are forced out of a country."), _("Deportation")
    WITHHOLD = "withhold", _("Supplies such as power, water or food are cut off."), _("Denial of services")
    MISINFORMATION = "misinformation", _("False information is spread on purpose."), _("Misinformation")
    CYBER = "cyber", _("Computers or networks are attacked."), _("Cyber attack")

    # assault
    ABDUCT = "abduct", _("People are kidnapped, or a vehicle or aircraft is hijacked."), _("Abduction")
    BEAT = "beat", _("People are struck or manhandled."), _("Beating")
    TORTURE = "torture", _("Someone held captive is made to suffer."), _("Torture")
    EXECUTE = "execute", _("A convict or a captive is put to death."), _("Execution")
    SEXUAL = "sexual", _("Rape or another sexual crime is committed."), _("Sexual violence")
    ASSASSINATE = "assassinate", _("One particular person is singled out and killed."), _("Assassination")
    DESTROY = "destroy", _("Buildings or belongings are wrecked or burnt."), _("Destruction of property")
    PRIMITIVE = "primitive", _("Knives, stones, clubs or fire are used."), _("Simple weapons")
    FIREARMS = "firearms", _("Guns that one person can carry are used."), _("Firearms")
    EXPLOSIVES = "explosives", _("Bombs or mines go off."), _("Explosives")
    SUICIDE_ATTACK = "suicide_attack", _("The attacker means to die in the attack."), _("Suicide attack")
    AERIAL = "aerial", _("Aircraft with a crew bomb or fire."), _("Air strike")
    DRONE = "drone", _("Aircraft without a crew bomb or fire."), _("Drone strike")
    HEAVY_WEAPONS = "heavy_weapons", _("Artillery, rockets, tanks or the like are used."), _("Heavy weapons")
    CROWD_CONTROL = "crowd_control", _("Tear gas, water cannon or the like are used."), _("Crowd control")
    CLEANSING = "cleansing", _("A community is driven out of where it lives."), _("Ethnic cleansing")
    MASSACRE = "massacre", _("Many defenceless people are killed."), _("Massacre")
    UNCONVENTIONAL = "unconventional", _("Chemical, biological or nuclear means are used."), _("CBRN attack")
    SIDE_AB = "side_ab", _("Two sides fight each other."), _("Two-sided fighting")


# The modes that each type may have, in PLOVER's order; a type to which it gives none has none here.
MODES: dict[EventType, tuple[EventMode, ...]] = {
    EventType.AGREE: (),
    EventType.CONSULT: (EventMode.VISIT, EventMode.THIRD_PARTY, EventMode.MULTILATERAL, EventMode.PHONE),
    EventType.SUPPORT: (),
    EventType.CONCEDE: (),
    EventType.COOPERATE: (),
    EventType.AID: (),
    EventType.RETREAT: (
        EventMode.WITHDRAW,
        EventMode.RELEASE,
        EventMode.RETURN,
        EventMode.DISARM,
        EventMode.CEASEFIRE,
        EventMode.ACCESS,
        EventMode.RESIGN,
    ),
    EventType.REQUEST: (EventMode.ASSIST, EventMode.CHANGE, EventMode.YIELD, EventMode.MEET),
    EventType.ACCUSE: (EventMode.DISAPPROVE, EventMode.INVESTIGATE, EventMode.ALLEGE),
    EventType.REJECT: (EventMode.ASSIST, EventMode.CHANGE, EventMode.YIELD, EventMode.MEET),
    EventType.THREATEN: (
        EventMode.RESTRICT,
        EventMode.BAN,
        EventMode.ARREST,
        EventMode.RELATIONS,
        EventMode.EXPEL,
        EventMode.TERRITORY,
        EventMode.VIOLENCE,
    ),
    EventType.PROTEST: (
        EventMode.DEMO,
        EventMode.RIOT,
        EventMode.STRIKE,
        EventMode.HUNGER,
        EventMode.BOYCOTT,
        EventMode.OBSTRUCT,
    ),
    EventType.SANCTION: (EventMode.CONVICT, EventMode.EXPEL, EventMode.WITHDRAW, EventMode.DISCONTINUE),
    EventType.MOBILIZE: (EventMode.TROOPS, EventMode.WEAPONS, EventMode.POLICE, EventMode.MILITIA),
    EventType.COERCE: (
        EventMode.SEIZE,
        EventMode.RESTRICT,
        EventMode.BAN,
        EventMode.CENSOR,
        EventMode.CURFEW,
        EventMode.MARTIAL_LAW,
        EventMode.ARREST,
        EventMode.DEPORT,
        EventMode.WITHHOLD,
        EventMode.MISINFORMATION,
        EventMode.CYBER,
    ),
    EventType.ASSAULT: (
        EventMode.ABDUCT,
        EventMode.BEAT,
        EventMode.TORTURE,
        EventMode.EXECUTE,
        EventMode.SEXUAL,
        EventMode.ASSASSINATE,
        EventMode.DESTROY,
        EventMode.PRIMITIVE,
        EventMode.FIREARMS,
        EventMode.EXPLOSIVES,
        EventMode.SUICIDE_ATTACK,
        EventMode.AERIAL,
        EventMode.DRONE,
        EventMode.HEAVY_WEAPONS,
        EventMode.CROWD_CONTROL,
        EventMode.CLEANSING,
        EventMode.MASSACRE,
        EventMode.UNCONVENTIONAL,
        EventMode.SIDE_AB,
    ),
    EventType.EXHIBITION: (),
}


class EventContext(DefinedChoices):
    """The field of life that an event belongs to; any type may have any number of them."""

    MILITARY = "military", _("Armed forces, defence and arms."), _("Military affairs")
    INTELLIGENCE = "intelligence", _("Secret services and what they learn."), _("Intelligence")
    EXECUTIVE = "executive", _("Governments, ministries and their decisions."), _("Executive power")
    LEGISLATIVE = "legislative", _("Parliaments, their debates and their coalitions."), _("Legislative power")
    ELECTION = "election", _("Votes, candidates and their campaigns."), _("Elections")
    POLITICAL_INSTITUTIONS = (
        "political_institutions",
        _("Parties, constitutions and the rules of political life."),
        _("Political institutions"),
    )
    PRO_DEMOCRACY = "pro_democracy", _("A move towards democracy."), _("Pro-democracy")
    PRO_AUTOCRACY = "pro_autocracy", _("A move towards autocratic rule."), _("Pro-autocracy")
    ECONOMIC = "economic", _("Trade, money, work and development."), _("Economy")
    LEGAL = "legal", _("Courts, judges and the law, at home or between states."), _("Law and courts")
    REPARATIONS = "reparations", _("Amends for past wrongs."), _("Reparations")
    HUMAN_RIGHTS = "human_rights", _("Human rights, spoken of as such."), _("Human rights")
    RIGHTS_FREEDOMS = "rights_freedoms", _("Civil and political liberties."), _("Rights and freedoms")
    REPRESSION = "repression", _("Rulers silence or hold down people."), _("Repression")
    HUMAN_SECURITY = "human_security", _("What people need to live: food, shelter."), _("Human security")
    GENDER = "gender", _("Women's affairs and the equality of women and men."), _("Gender")
    LGBT = "lgbt", _("Lesbian, gay, bisexual and transgender people."), _("LGBT people")
    RELIGION_ETHNICITY = "religion_ethnicity", _("Faiths, sects and peoples."), _("Religion and ethnicity")
    INEQUALITY = "inequality", _("Gaps between groups in wealth, rights or chances."), _("Inequality")
    DIPLOMATIC = "diplomatic", _("Relations between states and the work of envoys."), _("Diplomacy")
    TERRITORY = "territory", _("Land, borders and who holds them."), _("Territory and borders")
    PEACEKEEPING = "peacekeeping", _("Missions that keep others at peace."), _("Peacekeeping")
    HEALTH = "health", _("Disease, epidemics and medical care."), _("Health")
    ASYLUM = "asylum", _("Refuge sought or granted abroad."), _("Asylum")
    MIGRATION = "migration", _("Migrants, refugees and the displaced."), _("Migration")
    DISASTERS = "disasters", _("Natural disasters and grave accidents."), _("Disasters")
    NATURAL_RESOURCES = "natural_resources", _("Oil, gas, water, ores and the like."), _("Natural resources")
    ENVIRONMENT = "environment", _("Nature, pollution and the climate."), _("Environment")
    TECHNOLOGY = "technology", _("Inventions, research and their use."), _("Technology")
    TERRORISM = "terrorism", _("Terrorist acts and the fight against them."), _("Terrorism")
    CBRN = "cbrn", _("Chemical, biological, radiological and nuclear arms."), _("CBRN weapons")
    CYBER = "cyber", _("Attacks and crimes committed through computers."), _("Cyber security")
    MISINFORMATION = "misinformation", _("False or misleading information."), _("Misinformation")
    CRIME = "crime", _("Crimes and criminals."), _("Crime")
    CORRUPTION = "corruption", _("Bribery, embezzlement and other abuse of office."), _("Corruption")
    ILLEGAL_DRUGS = "illegal_drugs", _("The making, sale or use of forbidden drugs."), _("Illegal drugs")
    TRAFFICKING = "trafficking", _("Illegal trade in people, arms or goods."), _("Trafficking")
