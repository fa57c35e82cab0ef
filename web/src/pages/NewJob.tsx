import { Empty } from '../parts/Calm';

export default function NewJob() {
  return <Empty title="NewJob" />;
}
