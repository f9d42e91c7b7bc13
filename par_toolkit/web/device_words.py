"""The words that scripts say on a tablet, by key: the source of /tell/words/LANGUAGE.json.

Keys are short English slugs, sorted within their section. A blank is written `%(name)s`. Numbers
stand after a colon or before a unit, so that no language needs another form for them.
"""

from __future__ import annotations

from typing import Final


def N_(text: str) -> str:
    """Mark a text to be translated; it is looked up language by language in `word_files`."""
    return text


WORDS: Final[dict[str, str]] = {
    # Every page of telling
    "insecure": N_(
        "Telling works here only while there is a network: the address does not begin with https, "
        "so nothing can be kept or sealed on this tablet. Whoever looks after the tablets finds "
        "what to do in “A hub on a local network”, docs/hub.md."
    ),
    # This tablet: its headings and labels
    "device-arrived": N_("Arrived"),
    "device-can": N_("What this tablet can do"),
    "device-check-again": N_("Check again"),
    "device-code": N_("Code from the desk"),
    "device-code-help": N_("24 letters and digits. Capitals and spaces make no difference."),
    "device-home": N_("On the home screen"),
    "device-home-button": N_("Add to the home screen"),
    "device-home-help": N_(
        "Open the menu of the browser and choose “Add to Home screen” or “Install”. Then telling "
        "opens like an app, with or without a network."
    ),
    "device-lead": N_("What it can do without a network, and what waits on it."),
    "device-pair": N_("Pair this tablet"),
    "device-pairing": N_("Pairing"),
    "device-refused": N_("Refused stories"),
    "device-refused-help": N_(
        "The server did not take these. They stay here until somebody has looked. Save them to a "
        "file and give it to the person who runs this inquiry: they bring it in with “par import”. "
        "The file is sealed, so nobody can read it on the way."
    ),
    "device-save": N_("Save to a file"),
    "device-send": N_("Send now"),
    "device-sent": N_("Last sent"),
    "device-stories": N_("Stories on this tablet"),
    "device-tell": N_("Open the telling"),
    "device-title": N_("This tablet"),
    "device-try": N_("Try it"),
    "device-try-help": N_("Switch the network off, then open each of these once:"),
    "device-unpair": N_("Unpair this tablet"),
    "device-unpair-yes": N_("Yes, unpair this tablet"),
    "device-waiting": N_("Waiting to be sent"),
    "verdict-not-yet": N_("Not ready yet. See below what is missing."),
    "verdict-online": N_("This tablet can tell only while there is a network."),
    "verdict-ready": N_("Ready: people can tell here with or without a network."),
    # This tablet: states, said beside a sign
    "state-bad": N_("Not possible"),
    "state-good": N_("Ready"),
    "state-info": N_("Good to know"),
    "state-wait": N_("One moment"),
    "state-warn": N_("Look at this"),
    # This tablet: the pairing
    "pair-again": N_(
        "The pairing has ended. Everything on this tablet stays here. Ask at the desk for a new "
        "square and scan it: then sending goes on."
    ),
    "pair-blocked": N_("This browser refuses to keep anything, so it cannot be paired."),
    "pair-busy": N_("Pairing this tablet …"),
    "pair-code-missing": N_("Type the code from the desk."),
    "pair-code-wrong": N_(
        "This code is not right, or does not hold any more. Ask for a new one at the desk."
    ),
    "pair-done": N_("This tablet is paired."),
    "pair-done-again": N_("Paired again. What waited is being sent now: %(n)s."),
    "pair-elsewhere": N_(
        "This tablet is paired for “%(paired)s”, but this address is now that of “%(here)s”. What "
        "waits here stays sealed for “%(paired)s”: save it to a file before you pair again."
    ),
    "pair-ends": N_("The pairing ends: %(when)s."),
    "pair-endless": N_("The pairing holds until it is ended at the desk."),
    "pair-later": N_("The server could not answer just now. Try again in a minute."),
    "pair-needed": N_(
        "Not paired yet. Scan the square that the desk shows under “Tablets”, or type its code "
        "here."
    ),
    "pair-offline": N_("The server cannot be reached. Pairing needs a network this once."),
    "pair-other-inquiry": N_(
        "Stories for another inquiry still wait on this tablet, sealed so that only that inquiry "
        "can open them. Save them to a file first, or pair this tablet with that inquiry again."
    ),
    "pair-until-now": N_("Paired as “%(name)s”, for “%(inquiry)s”."),
    "unpair-done": N_("This tablet is not paired any more."),
    "unpair-saved": N_(
        "Stories still wait here. They stay on this tablet, sealed, and go on their way when it is "
        "paired again. Unpair it all the same?"
    ),
    "unpair-waits": N_("Stories wait on this tablet. Send them or save them to a file first."),
    # This tablet: what was checked
    "check-kit": N_("Without a network"),
    "check-kit-bad": N_("This browser cannot work without a network. Use a newer one."),
    "check-kit-good": N_("All forms are on this tablet: %(forms)s. Languages: %(languages)s."),
    "check-kit-wait": N_("The forms are being fetched. Keep this page open."),
    "check-kit-warn": N_(
        "Not everything is on this tablet yet. Press “Check again” while there is a network."
    ),
    "check-persist": N_("Kept for good"),
    "check-persist-good": N_("The browser clears nothing away by itself."),
    "check-persist-warn": N_(
        "When the tablet is full, the browser may clear away what waits. Send often, and put "
        "telling on the home screen."
    ),
    "check-room": N_("Space left"),
    "check-room-good": N_("%(size)s are free."),
    "check-room-info": N_("This browser does not say how much."),
    "check-room-warn": N_("Only %(size)s are free. Send what waits, and make room on the tablet."),
    "check-secure": N_("Secure connection"),
    "check-secure-bad": N_("The address does not begin with https, so nothing can be sealed here."),
    "check-secure-good": N_("What is told here can be sealed."),
    "check-store": N_("Keeping stories"),
    "check-store-bad": N_(
        "This browser refuses to keep anything. Leave private browsing, or allow this page to keep "
        "data."
    ),
    "check-store-good": N_("Stories can be kept here until they are sent."),
    "check-voice": N_("Microphone"),
    "check-voice-good": N_("A story can be spoken here."),
    "check-voice-info": N_("There is none, so stories are written."),
    # This tablet: the stories on it
    "numbers-arrived": N_("%(arrived)s of %(of)s arrived"),
    "numbers-missing": N_("Not arrived yet: number %(numbers)s."),
    "numbers-none": N_("Nothing was told here yet."),
    "numbers-unknown": N_("This is known when there is a network."),
    "refused-number": N_("Number %(n)s:"),
    "refused-retry": N_("Try again"),
    "save-done": N_("Saved in the downloads of this tablet."),
    "send-busy": N_("Sending is under way."),
    "send-later": N_("The server is busy. Sending goes on by itself."),
    "send-nothing": N_("Everything has been sent."),
    "send-offline": N_("No network now. Sending goes on by itself."),
    "send-refused": N_("The server refused a story. It is kept here; see below."),
    "send-sent": N_("Sent: %(n)s. Still waiting: %(waiting)s."),
    "sent-never": N_("Nothing was sent yet."),
    "waiting-none": N_("Nothing"),
    "waiting-since": N_("%(n)s, the oldest since %(when)s"),
    # Speaking instead of writing
    "voice-again": N_("Record again"),
    "voice-again-ask": N_("Take away what you said and begin anew? It cannot be brought back."),
    "voice-broken": N_("The recording stopped by a fault. What you said until then is kept."),
    "voice-busy": N_("Another program uses the microphone. Close that one, or write instead."),
    "voice-denied": N_(
        "This page was not allowed to use the microphone. Allow it in the browser, or write "
        "instead."
    ),
    "voice-full": N_("There is no room left on this tablet. What you said until then is kept."),
    "voice-group": N_("Speak instead of writing"),
    "voice-help": N_(
        "You can speak instead of writing. People of this inquiry listen to it and type up your "
        "words. Your voice is never published."
    ),
    "voice-hidden": N_(
        "The recording stopped when this page was left or the screen went dark. What you said is "
        "kept, and you can go on."
    ),
    "voice-keep": N_("No, keep it"),
    "voice-listen": N_("Listen to it"),
    "voice-long": N_(
        "This recording is full, so it stopped. All you said is kept. Finish this story; you can "
        "go on in another one."
    ),
    "voice-more": N_("Go on speaking"),
    "voice-none": N_("There is no microphone here now. You can write instead."),
    "voice-pause": N_("Pause"),
    "voice-remove": N_("Remove it"),
    "voice-remove-ask": N_("Take away what you said? It cannot be brought back."),
    "voice-resume": N_("Go on"),
    "voice-soon": N_(
        "Two minutes are left in this recording. After that you can go on in another story."
    ),
    "voice-speak": N_("Speak instead"),
    "voice-started": N_("It is recording now."),
    "voice-state-asking": N_("The browser asks for the microphone. Allow it to go on."),
    "voice-state-kept": N_("Recorded:"),
    "voice-state-nothing": N_("Nothing is recorded."),
    "voice-state-paused": N_("Paused:"),
    "voice-state-recording": N_("Recording:"),
    "voice-stop": N_("Stop"),
    "voice-stopped": N_("It stopped, and is kept on this tablet: %(time)s."),
    "voice-taken": N_("The microphone was taken away. What you said until then is kept."),
    "voice-yes": N_("Yes, take it away"),
}
