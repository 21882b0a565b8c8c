package london

// Names common in London, put together at random. Any likeness to somebody is chance.

func familyNames() []string {
	return []string{"Adeyemi", "Ahmed", "Akhtar", "Ali", "Andersson", "Bailey", "Begum", "Bennett", "Brown", "Campbell", "Chen",
		"Choudhury", "Clarke", "Cohen", "Cooper", "Costa", "Davies", "Diallo", "Edwards", "Evans", "Fernandes", "Francis",
		"Garcia", "Georgiou", "Green", "Gupta", "Hall", "Harris", "Hassan", "Hughes", "Hussain", "Islam", "Ivanov", "Jackson",
		"James", "Johnson", "Jones", "Kamara", "Kaur", "Khan", "Kowalski", "Kumar", "Lee", "Lewis", "Mahmoud", "Martin",
		"Mensah", "Miah", "Mohamed", "Morgan", "Nguyen", "Novak", "O'Brien", "O'Connor", "Okafor", "Osei", "Owusu", "Patel",
		"Pereira", "Popescu", "Rahman", "Roberts", "Robinson", "Rossi", "Scott", "Shah", "Sharma", "Silva", "Singh", "Smith",
		"Taylor", "Thomas", "Thompson", "Uddin", "Walker", "White", "Williams", "Wilson", "Wood", "Wright", "Yilmaz", "Zhang"}
}

func femaleNames() []string {
	return []string{"Aaliyah", "Abigail", "Aisha", "Alice", "Amina", "Angela", "Anna", "Beatrice", "Blessing", "Carmen",
		"Catherine", "Chloe", "Deborah", "Elif", "Elizabeth", "Emily", "Fatima", "Florence", "Grace", "Hannah", "Ines", "Irina",
		"Jasmine", "Joan", "Khadija", "Laura", "Leila", "Maria", "Mei", "Nadia", "Olivia", "Priya", "Rachel", "Rosa", "Ruth",
		"Sarah", "Shabnam", "Sofia", "Sunita", "Victoria", "Yasmin", "Zainab"}
}

func maleNames() []string {
	return []string{"Abdul", "Adam", "Ahmed", "Alexander", "Andrei", "Anthony", "Arjun", "Benjamin", "Brian", "Carlos", "Daniel",
		"David", "Dmitri", "Emmanuel", "Francis", "George", "Hamza", "Hassan", "Ibrahim", "Isaac", "James", "John", "Joseph",
		"Kofi", "Kwame", "Liam", "Marco", "Michael", "Mohammed", "Nathan", "Oliver", "Omar", "Patrick", "Peter", "Rajesh",
		"Robert", "Samuel", "Tariq", "Thomas", "Wei", "William", "Yusuf"}
}

func streets() []string {
	return []string{"Acacia Road", "Albert Road", "Birch Close", "Canal Walk", "Cedar Avenue", "Chapel Street", "Church Lane",
		"Clarence Road", "Cobbler Yard", "Duke Street", "Elm Grove", "Factory Lane", "Garden Row", "Grange Road", "Harbour Way",
		"High Street", "King's Terrace", "Lime Walk", "Market Place", "Mill Lane", "Orchard Close", "Park View", "Queen's Road",
		"Rope Walk", "Station Road", "Tanner Street", "Victoria Road", "Wharf Street"}
}
