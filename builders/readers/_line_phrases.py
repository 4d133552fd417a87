"""The phrases of notices: credits, copyright, pointers, calls, corrections, disclaimers.

Conventions: as in ``_phrases``.
"""

from allegedly.builders.readers._phrases import Phrase

_WORK = r"(?:article|piece|story|work|text|post|essay|column|report)"
_PICTURE = r"(?:image|photo|photograph|picture|pic|photography|illustration|graphic|video|foto|bild|cover)s?"
_BIG = r"(?-i:[A-Z@])"
_BACK_IN = r"(?![^,]{0,60},\s+(?:the|it|its|his|her|their|an?|this|that|which|who|he|she|they|we)\b)"

PHRASES = (
    Phrase(
        "disclaimer", r"(?:disclaimer|legal notice)\s*:",
        "Disclaimer: this is no advice.", "Disclaimers may be printed in larger type, the council said.",
    ),
    Phrase(
        "disclaimer",
        r"(?:the|all|any) (?:views?|opinions?|thoughts|statements|contents?)(?:,? [\w,’']+){0,6} (?:expressed (?:here|"
        r"(?:in|on|by|within) (?:this|these|the) (?:article|piece|column|post|blog|site|website|page|text|essay|op-ed|"
        r"comment|author|writer|contributor|columnist|above)|are|is|do|does)|(?:of|in) this article)\b.{0,200}\b(?:own|author|"
        r"not necessarily|those of|solely|responsib|reflect)",
        "The views expressed in this article are the author’s own.",
        "The views expressed by residents reflect fears that the bridge may close.",
    ),
    Phrase(
        "disclaimer", r"(?:(?:this|the) (?:site|website)|\S+) contains copyrighted material",
        "This site contains copyrighted material.", "This site may contain lead, the inspectors said.",
    ),
    Phrase(
        "disclaimer", r"this article (?:does not|is not intended to) (?:constitute|provide|necessarily)",
        "This article does not constitute advice.", "This article of the treaty may not bind them, the court said.",
    ),
    Phrase(
        "disclaimer", r"the content of this (?:article|page) (?:is|does)\b.{0,80}(?:advice|necessarily)",
        "The content of this page is no legal advice.", "The content of this page of the treaty is contested.",
    ),
    Phrase(
        "boilerplate",
        r"for (?:immediate )?(?:release|distribution|publication)(?:\W*$|\s*[:–-].{0,40}$| (?:on |after )?\d.{0,30}$)|"
        r"(?:under )?(?:strict )?embargo(?:ed)?(?:\W*$|\s*:.{0,60}$| (?:until|till|to|for)\b{no}[^.!?]{0,60}\W*$)|"
        r"not for (?:publication|release|broadcast)(?: or (?:publication|broadcast))? (?:before|until)\b{no}.{0,60}$|"
        r"(?:press|news|media) (?:release|statement|notice|advisory)(?:\W*$|\s*(?:no\.?|#|[–-])\s*\d.{0,20}$)",
        "FOR IMMEDIATE RELEASE", "For release from prison he had to wait, his lawyer said.",
    ),
    Phrase(
        "boilerplate",
        r"zur (?:sofortigen )?(?:veröffentlichung|freigabe)(?:\W*$|\s*:.{0,40}$)|sperrfrist\s*:.{0,60}$|"
        r"(?:presse|medien)(?:mitteilung|information|meldung)(?:\W*$|\s*(?:nr\.?|[–-])\s*\d.{0,20}$)",
        "Zur sofortigen Veröffentlichung", "Zur Veröffentlichung der Akten riet der Ausschuss am Montag.",
    ),
    Phrase(
        "boilerplate",
        r"pour (?:diffusion|publication) immédiate\W*$|communiqué(?: de presse)?\W*$|sous embargo(?: jusqu['’]au?\b.{0,60})?\W*$|"
        r"(?:para|per) (?:su )?(?:publicación|difusión|divulgação|publicação|pubblicazione|diffusione) i(?:n|m)?mediata\W*$|"
        r"(?:nota|comunicado|comunicato) (?:de prensa|de imprensa|à imprensa|stampa)\W*$|"
        r"embarg(?:ado|ato) (?:hasta|até|fino)\b.{0,60}$|persbericht\W*$|onder embargo(?: tot\b.{0,60})?\W*$",
        "Communiqué de presse", "Communiqué de presse à la main, le maire a quitté la salle.",
    ),
    Phrase(
        "boilerplate",
        r"copyright\s*(?:©|\(c\)|\d{4}|:|notice|(?-i:[A-Z])[\w.&'’-]*(?: (?:(?-i:[A-Z])[\w.&'’-]*|of|the|and|&))*,? \d{4}\W*$)|"
        r"\(c\)\s+(?:\d{4}\b|(?-i:[A-Z])[^.!?]{0,80}\W?$)|©",
        "Copyright Lowmere Gazette 2025", "Copyright reform may come in 2026.",
    ),
    Phrase(
        "boilerplate", r"(?:\S+ \d{4} )?all rights reserved\b(?:\W|$)(?!\s*(?:for|to|on)\b)",
        "All rights reserved.", "All rights reserved for members may be lost, the club said.",
    ),
    Phrase(
        "boilerplate",
        rf"this {_WORK} (?:(?:is|was|has been|may be) )?(?:(?:first|originally|also) )*"
        r"(?:published|appeared (?:in|on|at|first|originally|here|with)|posted|cross-?posted|syndicated|republished|"
        r"reposted|licensed|licenced|written for)\b",
        "This article first appeared in the Lowmere Gazette.", "This story appeared to shock the council, he said.",
    ),
    Phrase(
        "boilerplate", rf"(?:the )?original source of this {_WORK}",
        "The original source of this article is the Gazette.", "The original source of this river may have moved.",
    ),
    Phrase(
        "boilerplate",
        rf"(?:originally|first|previously) (?:published|appeared|posted)\b(?:\s*:|\s+(?:in|on|by|at|with|as|\d){_BACK_IN})",
        "Originally published in The Gazette, 5 May 2025.", "First published in 1890, the novel may be reissued.",
    ),
    Phrase(
        "boilerplate",
        rf"(?:cross-?posted|republished|reprinted|reposted|syndicated) (?:from|with|by|courtesy|under|on)\b{_BACK_IN}",
        "Reprinted with permission of the Gazette.", "Reprinted by demand, the book may sell a million, he said.",
    ),
    Phrase(
        "boilerplate",
        r"(?:read|see|watch|hear|listen|find out|learn)\s+(?:more|also|next|further|now)\b\s*(?::|>|»|→|\||$|"
        r"(?:about|on|at|from|here)\b{no})",
        "Read more about the bridge", "Learn more about fire, the mayor told residents.",
    ),
    Phrase(
        "boilerplate",
        r"(?:also read|related|related (?:stories|articles|coverage|content|news|links?)|more (?:on this|from|stories|news)|"
        r"see also|recommended|most read|you may also like|don['’]?t miss|up next|in case you missed it)\s*(?::|$)",
        "Related: Bridge to close", "Related faults may follow, the mayor said.",
    ),
    Phrase(
        "boilerplate", r"like us(?: on (?:facebook|instagram|twitter|x|tiktok|linkedin|youtube)\b.{0,100})?\W*$",
        "Like us on Facebook!", "Like us, many families were told that they may have to leave.",
    ),
    Phrase(
        "boilerplate",
        r"share (?:this|on|via)\b(?: (?:article|story|post|page|piece|video|link|with\b|on\b|via\b){no}.{0,80}|"
        r" \w+)?\W*$|"
        r"share (?:this|on|via)\W*(?::|$)",
        "Share this article on Facebook", "Share this pain, the chancellor told ministers.",
    ),
    Phrase(
        "boilerplate", r"follow (?:us|@\w+)(?: (?:on|at|for)\b{no}.{0,120})?\W*$",
        "Follow us on Instagram", "Follow us, the guide said, or you may be lost.",
    ),
    Phrase(
        "boilerplate",
        r"(?:subscribe|sign up|donate)(?:\W*$| (?:now|today|here|to|for|via|and get)\b{no}.{0,140}$)",
        "Sign up for our newsletter.", "Donate blood, officials urged, because stocks may run out.",
    ),
    Phrase(
        "boilerplate",
        r"join (?:our|us)\b(?:\W*$| (?:[\w’']+ ){0,3}(?:list|newsletter|community|channel|group|whatsapp|telegram|facebook|"
        r"discord|here|today|on|at)\b{no}.{0,120}$)",
        "Join our WhatsApp channel", "Join our boys at the front, the posters said.",
    ),
    Phrase(
        "boilerplate", r"(?:click|tap) here\b{no}.{0,160}$",
        "Click here to read more.", "Click here and your savings may be gone, police warned.",
    ),
    Phrase(
        "boilerplate",
        r"support (?:us|our (?:[\w-]+ ){0,2}(?:work|journalism|reporting|newsroom|reporters|mission|site|coverage))\b"
        r"{no}.{0,140}$",
        "Support our journalism.", "Support our troops, the signs said, or they may not come home.",
    ),
    Phrase(
        "boilerplate", r"become a (?:member|subscriber|supporter|patron)\b(?! state){no}.{0,140}$",
        "Become a member today.", "Become a member and you may lose your veto, critics said.",
    ),
    Phrase(
        "boilerplate",
        rf"comments? on this {_WORK}|leave a (?:comment|reply)\b{{no}}.{{0,60}}$|comments? (?:are )?(?:closed|off)\W*$",
        "Comments are closed.", "Comment on the ruling may come on Friday, the court said.",
    ),
    Phrase(
        "boilerplate", rf"(?:print|e-?mail) this(?: (?:page|{_WORK}))?\W*$",
        "Print this page", "Print this and you may go to jail, the editor was told.",
    ),
    Phrase(
        "boilerplate", r"(?:download|get) (?:our|the)\b(?: [\w-]+){0,3} (?:newsletter|app)\b{no}.{0,120}$|newsletters?\W*$",
        "Download our app", "Download the app and police may see you, lawyers said.",
    ),
    Phrase(
        "boilerplate",
        r"skip (?:to (?:main|the|content|navigation|article|footer|search|end)\b.{0,30}|ads?)\W*$|back to top\W*$",
        "Skip to main content", "Skip to the end of the war and much may change, he said.",
    ),
    Phrase(
        "boilerplate", r"(?:story|article) continues(?: (?:below|after|under)\b.{0,40})?\W*$",
        "Story continues below", "Story continues to unfold in the capital, where talks may fail.",
    ),
    Phrase(
        "boilerplate", r"continue reading\b{no}.{0,140}$",
        "Continue reading", "Continue reading to children, doctors said, because it may help.",
    ),
    Phrase(
        "boilerplate", r"(?:advertisements?|sponsored(?: content)?)\W*$",
        "Advertisement", "Advertisement sales may fall, the company said.",
    ),
    Phrase(
        "boilerplate", r"send (?:us )?(?:your )?(?:tips|feedback)\b{no}.{0,140}$",
        "Send us your tips", "Send tips, police asked, and the man may be caught.",
    ),
    Phrase(
        "boilerplate",
        rf"(?:featured |main |cover |header |lead |top |banner )?{_PICTURE}\s*(?:credits?|source|courtesy|copyright|by)?"
        rf"\s*(?::|\||©)|\(?(?:featured |main |cover )?{_PICTURE}\s+(?:by|via|courtesy(?: of)?|credit|source)\s+(?:the )?"
        rf"{_BIG}{{no}}[^!?]{{0,120}}$",
        "Photo by Odile Farrant", "Photos by the thousand were shared, and some may be fake.",
    ),
    Phrase(
        "boilerplate", r"credit\s*:|getty images\b{no}[^.!?]{0,60}\W*$",
        "Getty Images/Odile Farrant", "Getty Images said it may sue the company.",
    ),
    Phrase(
        "boilerplate",
        rf"articles? by\s*:|more articles by {_BIG}{{no}}[^.!?]{{0,60}}$|posts? by\s*:|view all posts|about the authors?\s*:?$",
        "More articles by Odile Farrant", "More articles by women may appear, the editor said.",
    ),
    Phrase(
        "boilerplate",
        r"(?:for )?(?:media|press|general|all|reader|business|more|further) (?:inquiries|enquiries|information|queries|"
        r"contacts?)\b[\w ,]{0,40}(?::|\b(?:contact|please|visit|call|e-?mail)\b){no}|"
        r"(?:for )?(?:inquiries|enquiries|queries|contact)s?\b[\w ,]{0,40}(?::|\b(?:please|visit|e-?mail)\b){no}|"
        r"(?:media |press )?contacts?\s*:|e-?mail\s*:|tel(?:ephone)?\.?\s*:|phone\s*:|fax\s*:",
        "For more information, visit gazette.example.", "Information from a caller may help, police said.",
    ),
    Phrase(
        "boilerplate", r"notes? (?:to|for) editors?\s*(?::|\W*$)",
        "Notes to editors:", "Notes to editors were leaked and may be used in court.",
    ),
    Phrase(
        "boilerplate",
        r"(?:correction|corrections|clarification|editor['’]?s['’]? note|editors['’] note|editorial note|amended|update)s?"
        r"\s*(?::|\(|[–—-]\s)",
        "Correction: an earlier version gave a wrong date.", "Corrections may follow, the editor said.",
    ),
    Phrase(
        "boilerplate",
        rf"this {_WORK} (?:was|has been|is)(?: being)? (?:amended|corrected|updated|edited|changed (?:to|on))\b",
        "This article was amended on 5 May.", "This story is changed by nobody, the family said.",
    ),
    Phrase(
        "boilerplate", rf"an earlier version of this {_WORK}",
        "An earlier version of this article gave a wrong date.", "An earlier version of this law may return.",
    ),
    Phrase(
        "boilerplate",
        r"(?:last )?(?:updated|modified|reviewed)\s*(?::|\d|(?:on|at)\s+(?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
        r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b))",
        "Updated at 9.30 am", "Updated at great cost, the bridge may still close.",
    ),
    Phrase(
        "boilerplate",
        r"licen[sc]ed? under (?:an? |the )?(?:creative|cc\b|gnu|open|mit\b|public)|(?:creative commons|public domain)\b{no}"
        r".{0,80}$|cc[ -]by\b|cc0\b",
        "Licensed under a Creative Commons licence", "Licensed under the new law, the shops may reopen.",
    ),
    Phrase(
        "boilerplate",
        r"(?:ends?|-\s?30\s?-|-{0,2}\s*ends?\s*-{0,2}|\(ends?\)|\(more\)|more to follow|\(ap\)|\(reuters\)|\(afp\)|\*+|"
        r"no comments yet)\W*$",
        "(ENDS)", "Ends justify means, he said.",
    ),
    Phrase(
        "boilerplate", r"\d+ (?:min(?:ute)?s?(?: read)?|comments?|shares?|views?|likes?)(?: read)?\W*$",
        "5 min read", "5 minutes later the bridge may have been safe.",
    ),
    Phrase(
        "boilerplate",
        rf"\(?(?:additional )?(?:reporting|writing|editing|compiled|translated|translation) by (?:the )?{_BIG}{{no}}",
        "Reporting by Odile Farrant; editing by Tilda Brandvold", "Reporting by the Gazette may have helped, he said.",
    ),
)  # fmt: skip
