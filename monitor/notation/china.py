"""China's time: the clock and the calendar by which authorities publish and cycles run."""

from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
