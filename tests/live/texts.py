"""What people read in the demo, in each of its languages."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The texts of one language; what Home Assistant says itself it translates."""

    language: str
    home: str
    owner: str

    # The cameras, and what their lines move.
    gate: str
    gate_lines: tuple[str, str]
    workshop: str
    workshop_lines: tuple[str, str]
    release_notes: str

    # The dashboard.
    cameras: str
    introduction: str
    try_it: str
    history: str

    # The automations: their name, the button that sets them off, what they tell.
    bell: str
    bell_button: str
    bell_message: str
    motion: str
    motion_button: str
    motion_message: str

    # The terminal.
    other_port: str
    starting_broker: str
    starting_home: str
    setting_up: str
    stopping: str
    stopped: str
    runs_already: str
    failed: str
    welcome: str


ENGLISH = Texts(
    language="en",
    home="SnapCam demo",
    owner="Demo",
    gate="Front gate",
    gate_lines=("Gate (IO 0)", "Lamp (IO 1)"),
    workshop="Workshop",
    workshop_lines=("Door (IO 0)", "Lamp (IO 1)"),
    release_notes=(
        "- Sharper pictures at night\n"
        "- Connects to the broker faster after a power cut\n\n"
        "The camera restarts, which takes a few seconds. "
        "Its lines are unknown then, until you switch them."
    ),
    cameras="Cameras",
    introduction=(
        "Two simulated cameras. **Take a snapshot**, switch a line and take another: "
        "the picture shows the difference. Tap a picture to look through all there "
        "are. The buttons under *Try an automation* set "
        "off what was made from our blueprints: see *Notifications*."
    ),
    try_it="Try an automation",
    history="All pictures, and history",
    bell="Open the gate when somebody rings",
    bell_button="Ring at the gate",
    bell_message="The gate was opened for five seconds.",
    motion="Picture when something moves in the workshop",
    motion_button="Motion in the workshop",
    motion_message="Something moved.",
    other_port="Port {wanted} is not available, so it is port {port}",
    starting_broker="Starting an MQTT broker on port {port}",
    starting_home="Starting Home Assistant {version}",
    setting_up="Adding cameras, pictures, automations and the dashboard",
    stopping="Stopping",
    stopped="Stopped",
    runs_already="The demo runs already. End that one with Ctrl-C.",
    failed="Failed: {reason}",
    welcome="""
  Open         {url}
  Log in       not needed on this machine; else user {user}, password {user}
  More cameras script/simulate --port {port} --sn {sn}
  End it       Ctrl-C
""",
)

CHINESE = Texts(
    language="zh-Hans",
    home="SnapCam 演示",
    owner="演示",
    gate="大门",
    gate_lines=("大门（IO 0）", "灯（IO 1）"),
    workshop="车间",
    workshop_lines=("卷帘门（IO 0）", "灯（IO 1）"),
    release_notes=(
        "- 夜间画面更清晰\n"
        "- 断电恢复后更快连接到 MQTT 代理\n\n"
        "摄像头会重启，需要几秒钟。之后 IO 状态未知，直到您切换它们。"
    ),
    cameras="摄像头",
    introduction=(
        "这里有两台模拟摄像头。先**抓拍**一张，再切换一路 IO 并重新抓拍："
        "画面会随之变化。点按画面可浏览全部图片。“试试自动化”下面的按钮会触发用 SnapCam 蓝图创建的自动化，结果见“通知”。"
    ),
    try_it="试试自动化",
    history="全部图片与历史记录",
    bell="有人按门铃时打开大门",
    bell_button="按大门门铃",
    bell_message="大门已打开五秒。",
    motion="车间有动静时抓拍",
    motion_button="车间有动静",
    motion_message="检测到动静。",
    other_port="端口 {wanted} 不可用，改用端口 {port}",
    starting_broker="正在启动 MQTT 代理，端口 {port}",
    starting_home="正在启动 Home Assistant {version}",
    setting_up="正在添加摄像头、图片、自动化和仪表盘",
    stopping="正在停止",
    stopped="已停止",
    runs_already="演示已在运行。请先按 Ctrl-C 结束它。",
    failed="失败：{reason}",
    welcome="""
  打开地址    {url}
  登录        本机无需登录；否则用户名 {user}，密码 {user}
  更多摄像头  script/simulate --port {port} --sn {sn}
  结束演示    Ctrl-C
""",
)

LANGUAGES = {texts.language: texts for texts in (ENGLISH, CHINESE)}
