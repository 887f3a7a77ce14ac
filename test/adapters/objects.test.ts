import { InMemoryObjects } from '../support/in-memory-objects.ts'
import { objectsContract } from './objects-contract.ts'

const objects = new InMemoryObjects()

objectsContract('memory', () => objects)
