import { policyInWords } from '../domain/policy-in-words.ts'
import { accountOf } from '../domain/resource-words.ts'
import type { Fact } from './request-facts.ts'
import type { RequestView } from './request-view.ts'

/** What the statements allow in plain words, what is sensitive for itself. The exact lists stand below it everywhere. */
export function allowedFacts(view: RequestView): readonly Fact[] {
  const { sensitive, others } = allowedSentences(view)
  return [
    ...(sensitive.length === 0 ? [] : [{ label: 'Look twice', values: sensitive }]),
    { label: 'In plain words', values: others },
  ]
}

/** The same, for a page that shows the two apart. */
export function allowedSentences({ entitlement, statements, request }: RequestView) {
  const sentences = policyInWords(entitlement.allows, statements, accountOf(request.principal))
  const texts = (isSensitive: boolean): readonly string[] =>
    sentences.flatMap(sentence => ((sentence.sensitive !== undefined) === isSensitive ? [sentence.text] : []))
  return { sensitive: texts(true), others: texts(false) }
}
