# The table with its alarm, for a bot whose role is made elsewhere.

resource "aws_sns_topic" "alarms" {
  name = "titanic-alarms"
}

module "state" {
  source = "../.."

  writer_principal_arns = ["arn:aws:iam::123456789012:role/titanic-bot-task"]
  alarm_topic           = { name = aws_sns_topic.alarms.name, arn = aws_sns_topic.alarms.arn }
}

output "table" {
  value = module.state.table_name
}
