"""Take pictures of Odoo's screens with headless Chromium, through its DevTools protocol."""

import argparse
import base64
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

SCREENS = Path(__file__).with_name("screenshots.json")
WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}
SETTLED = """
    !!document.querySelector('.o_action_manager > *, .o_report_iframe, main, body.o_web_client .o_action')
    && !document.querySelector('.o_loading_indicator, .o_view_sample_data.o_loading, .o_blockUI')
    && document.readyState === 'complete'
"""


class Browser:
    """One headless Chromium with one page."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="photographer")
        self.process = subprocess.Popen(
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "about:blank",
                "--remote-debugging-port=0", "--remote-allow-origins=*", f"--user-data-dir={self.profile}",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        port = self.wait(lambda: (Path(self.profile) / "DevToolsActivePort").read_text().split()[0])
        pages = self.wait(lambda: json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json")))
        page = next(page for page in pages if page["type"] == "page")
        self.socket = websocket.create_connection(page["webSocketDebuggerUrl"], max_size=None, timeout=60)
        self.numbers = itertools.count(1)
        self.call("Page.enable")

    @staticmethod
    def wait(attempt, seconds=30):
        """What an attempt returns, once it works."""
        until = time.monotonic() + seconds
        while True:
            try:
                return attempt()
            except (OSError, IndexError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def call(self, method, **parameters):
        """One command of the protocol and its answer."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == number:
                return answer.get("result", {})

    def evaluate(self, expression):
        """The value of a JavaScript expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return result.get("result", {}).get("value")

    def open(self, url, width, height, click=None):
        """Open an address at a size, click there (one selector or several in turn), and wait until it has settled."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )
        self.call("Page.navigate", url=url)
        time.sleep(1.5)
        self.settle()
        for selector in [click] if isinstance(click, str) else click or []:
            self.evaluate(f"document.querySelector({json.dumps(selector)})?.click()")
            time.sleep(1)
            self.settle()

    def settle(self, seconds=60):
        """Wait until the page stands still for half a second."""
        until = time.monotonic() + seconds
        calm = 0
        while calm < 3 and time.monotonic() < until:
            calm = calm + 1 if self.evaluate(SETTLED) else 0
            time.sleep(0.25)

    def picture(self, file):
        """Save what is seen."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        file.write_bytes(base64.b64decode(data))

    def close(self):
        """End the browser and forget its profile."""
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


def sign_in(browser, base, login):
    """Sign in as this user (password = login) and hand the session to the browser."""
    browser.open(f"{base}/web/login", 1440, 900)
    browser.evaluate(
        f"document.querySelector('input[name=login]').value = {json.dumps(login)};"
        f"document.querySelector('input[name=password]').value = {json.dumps(login)};"
        "document.querySelector('form.oe_login_form').submit();"
    )
    time.sleep(3)
    browser.settle()


def chosen(options):
    """The pictures to take: (file name without ending, screen, size)."""
    screens = [{"name": "page", "path": options.url}] if options.url else json.loads(SCREENS.read_text())
    unknown = set(options.names) - {screen["name"] for screen in screens}
    if unknown:
        names = ", ".join(screen["name"] for screen in screens)
        sys.exit(f"error: no such screen: {', '.join(sorted(unknown))}. There are: {names}")
    for screen in screens:
        for width, size in WIDTHS.items():
            if (not options.names or screen["name"] in options.names) and options.width in (None, width):
                ending = "" if options.width else f"_{width}"
                yield f"{options.prefix}{screen['name']}{ending}", screen, size


def main():
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("base")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--width", choices=WIDTHS)
    parser.add_argument("--url")
    parser.add_argument("--login", default="admin")
    options = parser.parse_intermixed_args()
    pictures = list(chosen(options))
    options.out.mkdir(parents=True, exist_ok=True)
    Browser.wait(lambda: urllib.request.urlopen(f"{options.base}/web/login").read(), 120)
    browser = Browser()
    try:
        sign_in(browser, options.base, options.login)
        for name, screen, size in pictures:
            browser.open(options.base + screen["path"], *size, click=screen.get("click"))
            browser.picture(options.out / f"{name}.png")
            print(f"    {name}", flush=True)
    finally:
        browser.close()


if __name__ == "__main__":
    main()
