"""Who lives in the demo market: people, their shops and what they agreed to."""

from __future__ import annotations

from dataclasses import dataclass, field

DOMAIN = "demo.souk.example"


@dataclass(frozen=True)
class Person:
    """Somebody with a sign-in. `role` is what the list of sign-ins calls them."""

    name: str
    handle: str
    role: str
    language: str = "en"
    time_zone: str = "Europe/Paris"
    groups: tuple[str, ...] = ()
    address: dict[str, str] = field(default_factory=dict)

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return f"{self.handle}@{DOMAIN}"


@dataclass(frozen=True)
class Shop:
    """A seller's shop; `owner` and `staff` name people by handle."""

    slug: str
    owner: str
    kind: str
    name: str
    place: str
    country: str = "FR"
    currency: str = "EUR"
    about: str = ""
    legal_name: str = ""
    registration: str = ""
    address: dict[str, str] = field(default_factory=dict)
    handling_days: int = 2
    returns_days: int = 0
    time_zone: str = "Europe/Paris"
    staff: tuple[tuple[str, str], ...] = ()
    parcel: tuple[tuple[str, tuple[str, ...], int, int, int | None], ...] = ()  # name, countries, base, each more, free from (minor)
    pickup: tuple[str, str] | None = None  # place, when


def _address(name: str, street: str, postcode: str, city: str, country: str, phone: str, **more: str) -> dict[str, str]:
    return {"name": name, "street": street, "postcode": postcode, "city": city, "country": country, "phone": phone, **more}


PEOPLE = (
    Person("Amina Rahal", "amina", "buyer", address=_address("Amina Rahal", "14 rue du Marronnier", "69003", "Lyon", "FR", "+33612345678")),
    Person("王梅", "wangmei", "buyer", "zh-hans", address=_address("王梅", "8 cours Lafayette", "69006", "Lyon", "FR", "+33612345679")),
    Person(
        "Tariq Osei",
        "tariq",
        "buyer",
        address=_address("Tariq Osei", "Torstraße 40", "10119", "Berlin", "DE", "+493012345678"),
        time_zone="Europe/Berlin",
    ),
    Person(
        "Café Marronnier", "cafe", "buyer (business)", address=_address("Café Marronnier", "2 place Sathonay", "69001", "Lyon", "FR", "+33472001122")
    ),
    Person(
        "Jonas Weber", "jonas", "seller (individual)", address=_address("Jonas Weber", "3 rue Brocherie", "38000", "Grenoble", "FR", "+33611112222")
    ),
    Person("Petra Neumann", "petra", "seller (individual)", time_zone="Europe/Berlin"),
    Person("林小雨", "lin", "seller (individual)", "zh-hans"),
    Person("Théo Blanchard", "theo", "seller (individual)"),
    Person("Ana Sousa", "ana", "seller (individual)", time_zone="Europe/Lisbon"),
    Person("Yusuf Kaya", "yusuf", "seller (individual)"),
    Person("陈梅", "mei", "seller (business)", "zh-hans", "Asia/Shanghai"),
    Person("Hanne Petersen", "hanne", "seller (business)", time_zone="Europe/Berlin"),
    Person("Lucie Morel", "lucie", "seller (business)"),
    Person("Aube Girard", "aube", "seller (business)"),
    Person("Étienne Faure", "etienne", "seller (business)"),
    Person("Rémi Costa", "remi", "seller (business)"),
    Person("Olive Hart", "olive", "seller (business)", time_zone="Europe/London"),
    Person("Inès Bleu", "ines", "seller (business)"),
    Person("Karl Lorenz", "karl", "seller (business)", time_zone="Europe/Berlin"),
    Person("周清", "zhou", "seller (business)", "zh-hans", "Asia/Shanghai"),
    Person("Sam Idowu", "sam", "shop staff: packs for Nordkarton"),
    Person("Lea Brandt", "lea", "shop staff: lists for Circuit Doux"),
    Person("Rosa Marín", "rosa", "staff: arbitrator", groups=("arbitrators",)),
    Person("Tomas Lind", "tomas", "staff: arbitrator", groups=("arbitrators", "moderators")),
    Person("Finn Abara", "finn", "staff: finance", groups=("finance",)),
    Person("Ada Quist", "ada", "staff: admin", groups=("admins", "finance", "arbitrators", "moderators")),
)

TAX_BP = {"FR": 2000, "DE": 1900, "PT": 2300, "ES": 2100, "BE": 2100, "CN": 1300, "GB": 2000}
EU = ("FR", "DE", "BE", "NL", "LU", "ES", "PT", "IT", "AT")
SHOPS = (
    Shop("jonas", "jonas", "individual", "Jonas W.", "Grenoble", about="I repair cameras and keep too many.", handling_days=1, parcel=(("Tracked parcel", EU, 690, 150, None), ("Parcel point", ("FR",), 420, 100, None)), pickup=("Rue Brocherie, Grenoble", "Any evening after 18:00")),
    Shop("petra", "petra", "individual", "Petra N.", "Leipzig", "DE", about="Moving to a smaller flat, one thing at a time.", time_zone="Europe/Berlin", parcel=(("Parcel", ("DE", "FR", "AT"), 790, 200, None),), pickup=("Karl-Heine-Straße, Leipzig", "Weekends")),
    Shop("lin", "lin", "individual", "小雨 Xiaoyu", "Lyon", about="毕业搬家，东西都好好的。Things from a student flat in Lyon, all of them cared for.", handling_days=1, parcel=(("邮寄 Colissimo", ("FR", "BE"), 650, 150, None),), pickup=("Métro Jean Macé, Lyon 7e", "Weekdays after 18:00, Saturdays")),
    Shop("theo", "theo", "individual", "Théo B.", "Nantes", about="Designer, cyclist, bad at throwing things away.", parcel=(("Tracked parcel", ("FR", "DE", "ES"), 650, 180, None),), pickup=("Place du Bouffay, Nantes", "Lunchtime")),
    Shop("ana", "ana", "individual", "Ana S.", "Porto", "PT", about="My aunt closed her café. Everything has a story.", time_zone="Europe/Lisbon", parcel=(("CTT tracked", EU, 890, 250, None),), pickup=("Rua do Almada, Porto", "Mornings")),
    Shop("yusuf", "yusuf", "individual", "Yusuf K.", "Marseille", about="I open things to see why they stopped.", parcel=(("Parcel", EU, 590, 120, None),), pickup=("Cours Julien, Marseille", "Saturdays")),
    Shop("mei", "mei", "business", "梅记陶器 Mei Ceramics", "Jingdezhen", "CN", about="三代人的窑。Three generations, one kiln, cups for cafés in forty cities.", legal_name="景德镇梅记陶瓷有限公司", registration="91360200MA35", address=_address("景德镇梅记陶瓷有限公司", "新厂西路150号", "333000", "景德镇市", "CN", "+867988211234", region="江西省", district="珠山区"), handling_days=3, returns_days=14, time_zone="Asia/Shanghai", parcel=(("Air, tracked, duty included", (*EU, "GB", "CN"), 600, 90, 15000),)),
    Shop("nordkarton", "hanne", "business", "Nordkarton", "Hamburg", "DE", about="Packaging by the bundle and by the pallet. Ordered before noon, shipped today.", legal_name="Nordkarton GmbH", registration="HRB 114411", address=_address("Nordkarton GmbH", "Billbrookdeich 60", "22113", "Hamburg", "DE", "+494073111222"), handling_days=1, returns_days=30, time_zone="Europe/Berlin", staff=(("sam", "packer"),), parcel=(("Parcel and freight", EU, 590, 120, 5000),), pickup=("Billbrookdeich 60, Hamburg", "Mon–Fri 7–15")),
    Shop("circuit-doux", "lucie", "business", "Circuit Doux", "Lille", about="We open, clean, repair and guarantee electronics that others throw away.", legal_name="Circuit Doux SAS", registration="RCS Lille 888 123 456", address=_address("Circuit Doux SAS", "12 rue de la Clef", "59800", "Lille", "FR", "+33320112233"), returns_days=30, staff=(("lea", "lister"),), parcel=(("Insured parcel", EU, 490, 0, 10000),)),
    Shop("studio-aube", "aube", "business", "Studio Aube", "Bordeaux", about="Furniture and light, made to order from wood that grew near us.", legal_name="Studio Aube SARL", registration="RCS Bordeaux 751 222 333", address=_address("Studio Aube SARL", "41 quai des Chartrons", "33000", "Bordeaux", "FR", "+33556112233"), handling_days=5, returns_days=14, parcel=(("Carrier, to the room", ("FR", "BE", "ES", "DE"), 2900, 900, 80000),), pickup=("Quai des Chartrons, Bordeaux", "Thu–Sat")),
    Shop("old-strings", "etienne", "business", "Old Strings", "Saint-Étienne", about="Guitars with a past, set up for the next one.", legal_name="Old Strings EURL", registration="RCS Saint-Étienne 512 998 001", address=_address("Old Strings EURL", "9 rue de la République", "42000", "Saint-Étienne", "FR", "+33477112233"), returns_days=14, parcel=(("Insured parcel in a crate", EU, 1900, 1200, None),), pickup=("Rue de la République, Saint-Étienne", "Tue–Sat 10–18")),
    Shop("velo-rhone", "remi", "business", "Vélo Rhône", "Lyon", about="Bicycles that come back. Every one leaves us with a six-month guarantee.", legal_name="Vélo Rhône SCOP", registration="RCS Lyon 820 555 010", address=_address("Vélo Rhône SCOP", "86 grande rue de la Guillotière", "69007", "Lyon", "FR", "+33478112233"), returns_days=14, parcel=(("Bike box", ("FR", "DE", "BE"), 3900, 3000, None),), pickup=("Grande rue de la Guillotière, Lyon", "Mon–Sat 9–19")),
    Shop("fil-bleu", "ines", "business", "Fil Bleu", "Marseille", about="Work clothes for people who make things. Cut and sewn by eleven of us.", legal_name="Fil Bleu SARL", registration="RCS Marseille 840 777 120", address=_address("Fil Bleu SARL", "30 cours Julien", "13006", "Marseille", "FR", "+33491112233"), returns_days=30, parcel=(("Parcel", EU, 490, 0, 8000),)),
    Shop("holzwurm", "karl", "business", "Holzwurm", "Seiffen", "DE", about="Toys and tools from the Ore Mountains.", legal_name="Holzwurm Werkstatt eG", registration="GnR 20311", address=_address("Holzwurm Werkstatt eG", "Hauptstraße 57", "09548", "Seiffen", "DE", "+493736211223"), handling_days=3, returns_days=30, time_zone="Europe/Berlin", parcel=(("Parcel", EU, 550, 100, 7500),)),
    Shop("green-thumb", "olive", "business", "Green Thumb", "Bristol", "GB", "GBP", about="A nursery with a glasshouse, a shed and four people.", legal_name="Green Thumb Nursery Ltd", registration="09988776", address=_address("Green Thumb Nursery Ltd", "5 Ashton Gate Road", "BS3 1SZ", "Bristol", "GB", "+441179112233"), returns_days=14, time_zone="Europe/London", parcel=(("Plant parcel", ("GB",), 450, 100, 4000),), pickup=("Ashton Gate, Bristol", "Wed–Sun")),
    Shop("qingming", "zhou", "business", "清明茶舍 Qingming Tea", "Hangzhou", "CN", "CNY", about="狮峰山下，一家人做茶。Tea from our own hill and from friends.", legal_name="杭州清明茶业有限公司", registration="91330106MA2B", address=_address("杭州清明茶业有限公司", "龙井路88号", "310013", "杭州市", "CN", "+8657187961234", region="浙江省", district="西湖区"), returns_days=14, time_zone="Asia/Shanghai", parcel=(("顺丰冷链", ("CN", "HK"), 1200, 0, 30000), ("国际快递", (*EU, "GB"), 9800, 1000, None))),
)  # fmt: skip
