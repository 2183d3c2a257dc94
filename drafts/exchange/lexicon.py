"""Words that tell what a clause is and which language it is in. All in lower case, without emphasis and brackets."""

# How preambular clauses begin: participles and their like, one word each (the first or, behind an adverb, the second).
_PREAMBULAR = """
acknowledging acting affirming alarmed anxious appalled appreciating approving aware bearing believing building
cognizant commending concerned confident conscious considering contemplating convinced deploring desiring desirous
determined disturbed emphasizing emphasising encouraged encouraging endorsing expecting expressing fulfilling guided
having highlighting inspired keeping mindful noting observing paying pursuant pursuing reaffirming realizing realising
recalling recognizing recognising reiterating remaining reminding resolved seeking sharing stressing supporting taking
thanking troubled underlining underscoring urging viewing welcoming wishing whereas

acogiendo actuando advirtiendo afirmando alarmada alarmado animados apreciando confiando consciente conscientes
considerando convencida convencido convencidos decidida decididos deplorando deseando deseosos destacando encomiando
esperando expresando guiada guiados habiendo haciendo inspirados invocando lamentando notando observando poniendo
preocupada preocupados profundamente reafirmando reconociendo recordando reiterando resuelta resueltos subrayando
teniendo tomando visto vista

affirmant agissant alarmée appréciant approuvant ayant condamnant confiants consciente conscients considérant constatant
convaincue convaincus craignant déplorant désireuse désireux déterminés encouragée estimant exprimant félicitant gardant
guidés inspirés insistant inquiète jugeant notant observant préoccupée préoccupés prenant rappelant réaffirmant
reconnaissant réitérant résolue résolus saluant soucieuse soucieux soulignant souhaitant sachant tenant

إذ وإذ

будучи выражая отмечая подтверждая подчеркивая подчёркивая полагая признавая принимая приветствуя напоминая
руководствуясь сознавая ссылаясь стремясь считая учитывая памятуя исходя обеспокоенные убежденная убежденные желая
"""
PREAMBULAR = frozenset(_PREAMBULAR.split())
PREAMBULAR_CHINESE = (
    "回顾", "忆及", "铭记", "认识到", "意识到", "重申", "注意到", "考虑到", "深信", "确信", "欢迎", "强调", "关切",
    "念及", "承认", "确认", "表示", "又", "还", "赞赏", "希望", "决心", "申明", "有鉴于",
)  # fmt: skip

# How operative clauses begin: a verb in the third person.
_OPERATIVE = """
accepts acknowledges adopts affirms agrees appeals appreciates approves authorizes authorises calls commends commits
concludes condemns confirms congratulates considers decides declares demands deplores designates directs draws
emphasizes emphasises encourages endorses establishes expresses extends highlights instructs insists invites looks
notes pledges proclaims proposes reaffirms recalls recognizes recognises recommends regrets reiterates reminds renews
requests requires resolves solicits stresses strongly supports takes thanks trusts underlines underscores undertakes
urges welcomes

acepta acoge acuerda adopta afirma alienta anima apoya aprueba condena confirma considera decide declara deplora
designa destaca encomia encarga establece exhorta exige expresa felicita hace insta invita lamenta observa pide
proclama reafirma recomienda reconoce recuerda reitera resuelve ruega solicita subraya toma

accepte accueille adopte affirme appelle approuve attend autorise charge condamne confirme considère convient crée
déclare décide demande déplore désigne encourage engage estime exhorte exige exprime félicite fait insiste invite
lance note prend préconise prie proclame rappelle réaffirme recommande reconnaît réitère remercie salue souligne
souscrit

تقرر تدعو تطلب تحث تشجع تؤكد تعرب تهيب ترحب توصي تعلن تلاحظ تحيط تشدد تدين تشيد تقر

выражает отмечает подтверждает подчеркивает подчёркивает постановляет призывает приветствует признает признаёт
предлагает просит рекомендует решает осуждает объявляет одобряет принимает поощряет заявляет утверждает учреждает
"""
OPERATIVE = frozenset(_OPERATIVE.split())
OPERATIVE_CHINESE = (
    "决定", "呼吁", "请", "促请", "鼓励", "敦促", "建议", "邀请", "要求", "吁请", "宣布", "谴责",
    "核可", "通过", "授权", "赞同",
)  # fmt: skip

# Words before the deciding one: "Further recalling", "Deeply concerned", "Also invites", "Également préoccupés".
_ADVERBS = """
again also deeply especially firmly fully further gravely keenly particularly profoundly seriously solemnly still
strongly warmly once additionally
además asimismo también nuevamente profundamente plenamente firmemente
aussi également profondément pleinement fermement vivement gravement en outre
также далее вновь глубоко особо настоятельно
"""
ADVERBS = frozenset(_ADVERBS.split())

# Words that stand often in every text of a language and seldom in the others.
_STOP_WORDS = {
    "en": "the and of to that in for with should shall will on by or be this their its from not are which as it has "
    "all any each other such these those within into so more at an",
    "es": "el los las del y en que una un para por con su sus al se como más no lo deberían deben entre esta este o",
    "fr": "le les des du et en que une un pour par avec leur leurs aux se dans sur ne pas qui ce cette est sont ou la",
    "pt": "os as dos das do da e em que uma um para por com sua seus ao se como mais não na no nos ou à são pelo",
}
STOP_WORDS = {language: frozenset(words.split()) for language, words in _STOP_WORDS.items()}
