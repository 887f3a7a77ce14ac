import { stopHouse } from './deploy-once.ts'

export default stopHouse
