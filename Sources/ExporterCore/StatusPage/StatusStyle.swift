/// The status page's one style sheet: light and dark, readable on a phone, nothing from outside.
enum StatusStyle {
  /// The style element's content.
  static let element: HTML = """
    \(colours)
    * { box-sizing: border-box; }
    body { background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, \
    "Segoe UI", Roboto, "Liberation Sans", sans-serif; margin: 0; overflow-wrap: break-word; }
    header, main { margin: 0 auto; max-width: 78rem; padding: 0 1.25rem; }
    header { align-items: center; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; \
    justify-content: space-between; padding-top: 1.5rem; }
    main { padding-bottom: 3rem; }
    h1 { font-size: 1.45rem; letter-spacing: -.01em; line-height: 1.2; margin: 0; }
    h2 { font-size: 1.1rem; margin: 2.25rem 0 .75rem; }
    h3 { font-size: .95rem; margin: 1.25rem 0 .5rem; }
    p, ul { margin: 0; padding: 0; }
    ul { list-style: none; }
    i { font-style: normal; }
    a { color: var(--link); }
    small { color: var(--soft); font-size: .85em; font-weight: 400; }
    code { font: .9em/1.4 ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; }
    .soft, time small { color: var(--soft); }
    header .soft { font-size: .85rem; }
    nav { border-bottom: 1px solid var(--line); display: flex; flex-basis: 100%; flex-wrap: wrap; \
    gap: .25rem 1.25rem; padding: .25rem 0 .75rem; }
    .state { border-radius: 99px; font-weight: 600; padding: .4rem 1rem; }
    .state.good { background: var(--good-tint); }
    .state.bad { background: var(--bad-tint); }
    .state.wait { background: var(--wait-tint); }
    .good { color: var(--good); }
    .bad { color: var(--bad); }
    .wait { color: var(--wait); }
    .tiles { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fill, minmax(11.5rem, 1fr)); }
    bdi, code, .tile { overflow-wrap: anywhere; }
    .tile, .alerts li { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; \
    color: var(--text); overflow: hidden; padding: .75rem .9rem; }
    .tile { display: flex; flex-direction: column; }
    .tile.good { border-top: 3px solid var(--good); }
    .tile.bad { border-top: 3px solid var(--bad); }
    .tile.wait { border-top: 3px solid var(--wait); }
    .tile .name { font-size: .95rem; font-weight: 600; line-height: 1.3; }
    .tile .place { color: var(--soft); font-size: .85rem; }
    .tile .value { font-size: 1.5rem; font-variant-numeric: tabular-nums; font-weight: 600; \
    letter-spacing: -.02em; line-height: 1.3; margin-top: .25rem; }
    .verdict { display: flex; flex-wrap: wrap; font-size: .8rem; gap: 0 .4em; }
    .verdict span { color: var(--soft); white-space: nowrap; }
    .spark { display: block; height: 3.25rem; margin-top: auto; overflow: visible; padding-top: .5rem; \
    width: 100%; }
    .spark path { fill: none; stroke-linecap: round; stroke-linejoin: round; \
    vector-effect: non-scaling-stroke; }
    .spark .area { fill: var(--accent); opacity: .13; }
    .spark .line { stroke: var(--accent); stroke-width: 1.6; }
    .spark .dot { stroke: var(--accent); stroke-width: 6; }
    .spark .goal { stroke: var(--soft); stroke-dasharray: 3 4; stroke-width: 1.2; }
    .range { color: var(--soft); display: flex; flex-wrap: wrap; font-size: .8rem; \
    font-variant-numeric: tabular-nums; gap: 0 .75rem; justify-content: space-between; \
    padding-top: .35rem; }
    .alerts { display: grid; gap: .6rem; }
    .alerts li { border-left: 4px solid var(--bad); }
    .alerts .name { font-weight: 600; }
    .alerts .detail { background: var(--page); border-radius: .35rem; font-size: .9rem; \
    margin: .4rem 0; padding: .3rem .6rem; }
    .alerts .soft { font-size: .85rem; }
    table { background: var(--card); border: 1px solid var(--line); border-collapse: separate; \
    border-radius: .6rem; border-spacing: 0; width: 100%; }
    th, td { padding: .5rem .9rem; text-align: left; vertical-align: top; }
    th { font-weight: 600; }
    thead th { color: var(--soft); font-size: .8rem; }
    tbody th, td { border-top: 1px solid var(--line); }
    td { font-variant-numeric: tabular-nums; }
    td time { white-space: nowrap; }
    td strong, thead th, th small { white-space: nowrap; }
    td div { min-width: 0; }
    tbody th { min-width: 10rem; }
    .note { display: block; white-space: normal; }
    td time small { display: block; }
    tr:target { background: var(--wait-tint); }
    .bar { display: inline-block; height: .7rem; max-width: 100%; vertical-align: middle; \
    width: 9rem; }
    .bar .room { fill: var(--line); }
    .bar .used { fill: var(--accent); }
    .bar .full { fill: var(--bad); }
    .bar .plan { fill: var(--text); }
    @media (max-width: 46rem) {
    body { font-size: 16px; }
    header, main { padding-left: 1rem; padding-right: 1rem; }
    .tiles { grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .6rem; }
    .tile { padding: .65rem .75rem; }
    .tile .value { font-size: 1.25rem; }
    table, tbody, tr, tbody th, td { display: block; }
    thead { height: 1px; overflow: hidden; position: absolute; width: 1px; clip-path: inset(50%); }
    tbody tr { border-top: 1px solid var(--line); padding: .6rem .9rem; }
    tbody tr:first-child { border-top: 0; }
    tbody th, td { border: 0; padding: .15rem 0; }
    td { display: grid; gap: .75rem; grid-template-columns: 7.5rem 1fr; }
    td::before { color: var(--soft); content: attr(data-name); }
    td time small { display: inline-block; white-space: nowrap; }
    td time { white-space: normal; }
    }

    """

  /// What may run and load: this style sheet and nothing else.
  static let policy =
    "default-src 'none'; style-src \(ContentHash.source(of: element.bytes)); base-uri 'none'; "
    + "form-action 'none'; frame-ancestors 'none'"

  /// Every colour of text has a contrast of at least 4.5 with its grounds (WCAG 2.2, 1.4.3).
  private static let colours: HTML = """
    :root { color-scheme: light dark; --page: #f5f6f8; --card: #ffffff; --text: #1a1d21; \
    --soft: #59636e; --line: #d9dde3; --link: #0a58ca; --accent: #2f6feb; --good: #14702f; \
    --good-tint: #dff3e5; --bad: #b3261e; --bad-tint: #fbe4e2; --wait: #7a5200; --wait-tint: #faefd4; }
    @media (prefers-color-scheme: dark) { :root { --page: #0f1216; --card: #181c22; \
    --text: #e6e9ed; --soft: #9aa4b0; --line: #2d343d; --link: #79b0ff; --accent: #5c9dff; \
    --good: #56d364; --good-tint: #12311c; --bad: #ff8a80; --bad-tint: #3d1a1a; --wait: #f0b429; \
    --wait-tint: #362a10; } }
    """
}
