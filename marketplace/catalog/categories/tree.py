"""The tree a new market starts with: six branches, twenty leaves, what each asks about a thing. Pure data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ask:
    code: str
    en: str
    zh: str
    kind: str = "text"
    choices: tuple[tuple[str, str, str], ...] = ()
    unit: str = ""
    required: bool = False
    filterable: bool = False

    @property
    def labels(self) -> dict[str, str]:
        return {"en": self.en, "zh-hans": self.zh}


@dataclass(frozen=True)
class Branch:
    slug: str
    en: str
    zh: str
    inspection_days: int = 14
    asks: tuple[Ask, ...] = ()
    children: tuple[Branch, ...] = ()

    @property
    def names(self) -> dict[str, str]:
        return {"en": self.en, "zh-hans": self.zh}


def number(code: str, en: str, zh: str, unit: str) -> Ask:
    return Ask(code, en, zh, "number", unit=unit)


def choice(code: str, en: str, zh: str, *options: tuple[str, str, str], required: bool = False) -> Ask:
    return Ask(code, en, zh, "choice", choices=options, required=required, filterable=True)


def yes_no(code: str, en: str, zh: str) -> Ask:
    return Ask(code, en, zh, "yes_no", filterable=True)


COLOUR = choice(
    "colour", "Colour", "颜色",
    ("black", "Black", "黑色"), ("white", "White", "白色"), ("grey", "Grey", "灰色"), ("brown", "Brown", "棕色"),
    ("red", "Red", "红色"), ("orange", "Orange", "橙色"), ("yellow", "Yellow", "黄色"), ("green", "Green", "绿色"),
    ("blue", "Blue", "蓝色"), ("purple", "Purple", "紫色"), ("many", "Many colours", "多色"),
)  # fmt: skip
BRAND = Ask("brand", "Brand", "品牌", filterable=True)
MODEL = Ask("model", "Model", "型号")
WORKS = yes_no("works", "Everything works", "功能完好")
SIZE = choice(
    "size", "Size", "尺码",
    ("xs", "XS", "XS"), ("s", "S", "S"), ("m", "M", "M"), ("l", "L", "L"), ("xl", "XL", "XL"), ("xxl", "XXL", "XXL"),
    ("one", "One size", "均码"),
)  # fmt: skip
WIDTH = number("width", "Width", "宽度", "cm")
HEIGHT = number("height", "Height", "高度", "cm")

TREE: tuple[Branch, ...] = (
    Branch("home", "Home", "家居", 14, (COLOUR,), (
        Branch("furniture", "Furniture", "家具", 7, (
            choice("material", "Material", "材质", ("wood", "Wood", "木"), ("metal", "Metal", "金属"),
                   ("fabric", "Fabric", "布艺"), ("leather", "Leather", "皮革"), ("glass", "Glass", "玻璃"),
                   ("mixed", "Mixed", "混合"), required=True),
            WIDTH, HEIGHT, number("depth", "Depth", "深度", "cm"))),
        Branch("lighting", "Lighting", "灯具", 14, (
            choice("place", "Where it goes", "摆放位置", ("table", "Table", "桌面"), ("floor", "Floor", "落地"),
                   ("ceiling", "Ceiling", "吸顶"), ("wall", "Wall", "壁挂"), required=True),
            HEIGHT, Ask("bulb", "Bulb", "灯泡规格"), WORKS)),
        Branch("kitchen", "Kitchen", "厨具", 14, (
            BRAND, Ask("material", "Material", "材质"), number("power", "Power", "功率", "W"), WORKS)),
        Branch("ceramics", "Ceramics", "陶瓷", 7, (
            Ask("origin", "Made in", "产地", filterable=True), number("pieces", "Pieces", "件数", ""), HEIGHT,
            yes_no("handmade", "Made by hand", "手工制作"))),
        Branch("plants", "Plants", "植物", 3, (
            HEIGHT,
            choice("light", "Light it needs", "光照需求", ("shade", "Shade", "阴凉"), ("half", "Half shade", "半阴"),
                   ("sun", "Sun", "全日照"), required=True),
            yes_no("pot", "Comes with its pot", "含花盆"))),
    )),
    Branch("fashion", "Fashion", "服饰", 14, (BRAND, COLOUR), (
        Branch("clothing", "Clothing", "服装", 14, (
            SIZE,
            choice("for", "For", "适用", ("women", "Women", "女士"), ("men", "Men", "男士"),
                   ("children", "Children", "儿童"), ("all", "Everyone", "通用"), required=True),
            Ask("material", "Material", "面料"))),
        Branch("shoes", "Shoes", "鞋", 14, (
            Ask("size-eu", "EU size", "欧码", "number", required=True, filterable=True), Ask("material", "Material", "材质"))),
        Branch("watches", "Watches", "手表", 14, (
            MODEL, number("diameter", "Diameter", "表径", "mm"),
            choice("movement", "Movement", "机芯", ("hand", "Hand-wound", "手动上链"),
                   ("automatic", "Automatic", "自动机械"), ("quartz", "Quartz", "石英"), required=True),
            number("year", "Year", "年份", ""))),
    )),
    Branch("electronics", "Electronics", "数码", 14, (BRAND, MODEL), (
        Branch("cameras", "Cameras", "相机", 14, (
            choice("type", "Type", "类型", ("film", "Film", "胶片"), ("digital", "Digital", "数码"),
                   ("instant", "Instant", "拍立得"), required=True),
            Ask("lens", "Lens", "镜头"), WORKS)),
        Branch("phones", "Phones", "手机", 7, (
            choice("storage", "Storage", "存储", ("64", "64 GB", "64 GB"), ("128", "128 GB", "128 GB"),
                   ("256", "256 GB", "256 GB"), ("512", "512 GB", "512 GB"), ("1024", "1 TB", "1 TB"), required=True),
            number("battery", "Battery health", "电池健康", "%"), yes_no("unlocked", "Unlocked", "无锁"), COLOUR)),
        Branch("computers", "Computers", "电脑", 14, (
            number("memory", "Memory", "内存", "GB"), number("storage", "Storage", "硬盘", "GB"),
            number("screen", "Screen", "屏幕", "in"), WORKS)),
        Branch("games", "Games and consoles", "游戏", 14, (
            Ask("platform", "Platform", "平台", filterable=True), yes_no("complete", "Complete", "配件齐全"), WORKS)),
    )),
    Branch("hobbies", "Hobbies", "爱好", 14, (), (
        Branch("books", "Books", "图书", 14, (
            Ask("author", "Author", "作者", filterable=True), Ask("isbn", "ISBN", "ISBN"),
            choice("binding", "Binding", "装帧", ("paperback", "Paperback", "平装"), ("hardcover", "Hardcover", "精装")),
            number("pages", "Pages", "页数", ""))),
        Branch("music", "Musical instruments", "乐器", 14, (
            BRAND,
            choice("family", "Family", "类别", ("strings", "Strings", "弦乐"), ("wind", "Wind", "管乐"),
                   ("keys", "Keys", "键盘"), ("drums", "Drums", "打击乐"), required=True),
            number("year", "Year", "年份", ""), yes_no("case", "Comes with a case", "含琴箱"))),
        Branch("toys", "Toys", "玩具", 14, (
            BRAND, number("age", "From age", "适用年龄", "y"), number("pieces", "Pieces", "件数", ""),
            yes_no("complete", "Complete", "配件齐全"))),
        Branch("tea", "Tea", "茶", 7, (
            choice("kind", "Kind", "茶类", ("green", "Green", "绿茶"), ("white", "White", "白茶"),
                   ("oolong", "Oolong", "乌龙"), ("black", "Black", "红茶"), ("dark", "Dark", "黑茶"), required=True),
            Ask("origin", "Grown in", "产地", filterable=True), number("harvest", "Harvest", "采摘年份", ""),
            number("weight", "Weight", "净重", "g"))),
    )),
    Branch("business", "Business supplies", "商用", 14, (), (
        Branch("packaging", "Packaging", "包装", 7, (
            Ask("material", "Material", "材质", filterable=True), number("length", "Length", "长", "mm"),
            number("width", "Width", "宽", "mm"), number("pack", "Pieces in a pack", "每包数量", ""))),
        Branch("tools", "Tools", "工具", 14, (
            BRAND,
            choice("drive", "Driven by", "动力", ("hand", "Hand", "手动"), ("mains", "Mains", "插电"),
                   ("battery", "Battery", "电池")),
            number("power", "Power", "功率", "W"), WORKS)),
    )),
    Branch("outdoors", "Outdoors", "户外", 14, (), (
        Branch("bikes", "Bikes", "自行车", 14, (
            choice("type", "Type", "类型", ("city", "City", "城市"), ("road", "Road", "公路"),
                   ("mountain", "Mountain", "山地"), ("cargo", "Cargo", "载货"), ("child", "Child's", "儿童"),
                   required=True),
            number("frame", "Frame", "车架", "cm"), number("wheel", "Wheel", "轮径", "in"),
            number("gears", "Gears", "变速", ""), COLOUR)),
        Branch("garden", "Garden", "园艺", 14, (
            Ask("material", "Material", "材质"), HEIGHT, WIDTH)),
    )),
)  # fmt: skip
