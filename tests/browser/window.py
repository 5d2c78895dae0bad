"""A window and the hand at it: opens, presses, ticks, writes and reads as people do."""

from playwright.sync_api import Locator, Page, expect


class Window:
    """One page of a browser; a finger taps where there is touch, a mouse clicks elsewhere.

    Nothing here waits for a page to be "loaded": with a CDN that hangs that comes late or never,
    and people do not wait for it either.
    """

    def __init__(self, page: Page, *, touch: bool) -> None:
        self.page = page
        self.touch = touch

    def see(self, address: str) -> None:
        """Open an address."""
        self.page.goto(address, wait_until="commit")

    def has_scripts(self) -> None:
        """The scripts of the page that is open have run; not to be asked where a CDN hangs.

        To be waited for before something that without a script does something else, or nothing.
        """
        self.page.wait_for_load_state("domcontentloaded")

    def hit(self, what: Locator) -> None:
        """Tap or click."""
        if self.touch:
            what.tap()
        else:
            what.click()

    def has_htmx(self) -> None:
        """htmx is there, wherever it came from; it is the last of the scripts."""
        for _ in range(200):
            if self.page.evaluate("'htmx' in window"):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("no htmx within ten seconds")

    def rests(self) -> None:
        """The page has its scripts, and nothing on it is being exchanged any more."""
        self.has_scripts()
        moving = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
        expect(self.page.locator(moving)).to_have_count(0)

    def key(self, key: str) -> None:
        """Press a key, as somebody does who sees what the one before did."""
        self.rests()
        self.page.keyboard.press(key)

    def press(self, name: str, *, within: str = "body") -> None:
        """Press the button of this name."""
        self.hit(self.page.locator(within).get_by_role("button", name=name, exact=True))

    def follow(self, name: str, *, within: str = "body") -> None:
        """Go where the link of this name leads."""
        self.hit(self.page.locator(within).get_by_role("link", name=name, exact=True))

    def tick(self, *names: str, exact: bool = True) -> None:
        """Tick boxes or choose answers by what a screen reader calls them."""
        for name in names:
            box = self.page.get_by_role("checkbox", name=name, exact=exact)
            self.hit(box.or_(self.page.get_by_role("radio", name=name, exact=exact)))

    def write(self, label: str, text: str) -> None:
        """Type into the field of this label."""
        self.page.get_by_label(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label).select_option(label=option)

    def heads(self, words: str) -> None:
        """The page that is open has this heading."""
        expect(self.page.locator("h1").first).to_contain_text(words)

    def reads(self, words: str) -> None:
        """These words stand on the page, or come within a moment."""
        expect(self.page.locator("main")).to_contain_text(words)

    def text(self, what: str = "main") -> str:
        """What one reads there now."""
        return self.page.locator(what).first.inner_text()
