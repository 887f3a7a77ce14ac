import { describe, expect, it } from '@jest/globals'
import { must, Narrator } from '../../local/demo/narrator.ts'

function aNarrator({ hasColours = false } = {}) {
  const clock = { now: 1_000 }
  const written: string[] = []
  const narrator = new Narrator({ write: text => written.push(text), hasColours, now: () => clock.now })
  return { narrator, clock, written: () => written.join('') }
}

describe('the narrator', () => {
  it('tells when a step began, who took it and what was seen', async () => {
    const { narrator, clock } = aNarrator()
    clock.now += 67_400

    await narrator.step('alice', 'reads the object', async () => ['allowed', undefined])

    expect(narrator.text).toBe('  1:07  alice    reads the object\n                 ✓ allowed\n')
  })

  it('gives back what a step has seen', async () => {
    const { narrator } = aNarrator()

    expect(await narrator.step('carol', 'gets a mail', async () => ['here it is', 42])).toBe(42)
  })

  it('names the step that did not hold, and why', async () => {
    const { narrator } = aNarrator()
    const failing = narrator.step('lapse', 'removes the policy', async () => {
      must(1 > 2, 'IAM still has it')
      return ['gone', undefined]
    })

    await expect(failing).rejects.toMatchObject({
      name: 'StepFailedError',
      step: 'lapse removes the policy',
      message: 'lapse removes the policy: IAM still has it',
    })
    expect(narrator.text).toContain('✗ IAM still has it')
    expect(narrator.text).not.toContain('✓')
  })

  it('uses colours on a terminal only, and never in what it keeps', async () => {
    const ESC = String.fromCharCode(27)
    const plain = aNarrator()
    const colourful = aNarrator({ hasColours: true })
    for (const { narrator } of [plain, colourful]) {
      narrator.chapter('The end')
      await narrator.step('alice', 'reads', async () => ['denied', undefined])
      narrator.show(['evidence'])
    }

    expect(colourful.written()).toContain(ESC)
    expect(plain.written()).not.toContain(ESC)
    expect(colourful.narrator.text).toBe(plain.narrator.text)
    expect(plain.written()).toBe(plain.narrator.text)
  })

  it('says how long a wait is', () => {
    const { narrator, clock } = aNarrator()
    narrator.pause(new Date(clock.now + 57_000))

    expect(narrator.text).toBe('        (57 seconds pass)\n')
  })
})
