import { periodOf, summaryOf } from '../../domain/review/manifest.ts'
import type { Report } from '../../domain/review/report.ts'
import { html, trusted } from '../markup.ts'
import { STYLE } from '../style.ts'
import { approvalsSection, inventorySection, timeLimitsSection } from './access-sections.ts'
import { grouped } from './bar-chart.ts'
import { chainSection, filesSection, sessionsSection } from './evidence-sections.ts'
import { when } from './figures-text.ts'
import { findingsSection } from './findings-section.ts'
import { REPORT_STYLE } from './report-style.ts'
import { figures } from './table.ts'
import { unfencedSection } from './unfenced-section.ts'
import { durationsSection, volumeSection } from './volume-sections.ts'

/** `report.html`: the review for people. One file, no script, nothing from elsewhere, so that it reads the same in ten years. */
export function reportPage(report: Report): string {
  const { review, access, period, version, from, to, producedAt } = report
  const { timeLimits, chain, volume } = review
  const isBad = timeLimits.lingering.length > 0 || chain.verdict === 'broken'
  const title = `Access review ${period}`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}, ${access.organisation} · Lapse</title>
<style>${trusted(STYLE)}${trusted(REPORT_STYLE)}</style>
</head>
<body>
<header><span class="mark"></span><span>Lapse</span> <span>${access.organisation}</span></header>
<main>
<h1>${title}</h1>
<p class="lead">Version ${version}. From ${when(from)} up to ${when(to)}, quarters and days by ${access.timezone}. Every time in this report is UTC.</p>
<blockquote class="quote${isBad && ' bad'}">${summaryOf(review, access.organisation, { period: periodOf(report), now: producedAt })}</blockquote>
${figures([
  { label: 'Requests', value: grouped(volume.requests.total) },
  { label: 'Granted', value: grouped(volume.requests.granted) },
  { label: 'Minutes held', value: grouped(Math.round(timeLimits.heldMinutes)) },
  { label: 'Running now', value: grouped(timeLimits.running) },
  { label: 'Lingering', value: grouped(timeLimits.lingering.length), isBad: timeLimits.lingering.length > 0 },
  { label: 'Broken chains', value: grouped(chain.broken.length), isBad: chain.verdict === 'broken' },
])}
${[
  inventorySection(report),
  volumeSection(report),
  durationsSection(report),
  timeLimitsSection(report),
  unfencedSection(report),
  approvalsSection(report),
  findingsSection(report),
  chainSection(report),
  sessionsSection(report),
  filesSection(report),
]}
</main>
<footer>Access review ${period}, version ${version} · ${access.organisation}</footer>
</body>
</html>
`.toString()
}
